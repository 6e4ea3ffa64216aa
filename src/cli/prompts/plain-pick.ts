import { conversation, type Line, leave, type PlainLines } from './plain-lines.ts';
import { type Listed, type Meant, meaningOf, nextPage } from './plain-rows.ts';
import { indexRows, type RowIndex } from './row-index.ts';
import type { Outcome, Session } from './session.ts';
import { count } from './table-view.ts';
import { printable } from './terminal-text.ts';
import type { LookedUp, LookUp, PickManyConfig, PickOneConfig, PickRow } from './types.ts';

/** Rows that are said at once, if nothing else is said: what one can still keep in mind. */
const PAGE = 20;

interface Spoken {
  readonly noun?: string;
  readonly maxRows?: number;
  readonly lookUp?: LookUp;
}

type Find<Row> = (text: string, signal: AbortSignal) => Promise<Row | undefined>;
type Choice<Row extends PickRow> = Extract<
  Meant<Row>,
  { readonly kind: 'row' | 'off' | 'search' | 'done' | 'sort' }
>;

/** What the two pickers share: a list that can be read on, and answers that name its rows. */
class PlainPicker<Row extends PickRow> {
  readonly #session: Session;
  readonly #lines: PlainLines;
  readonly #config: Spoken;
  #listed: Listed<Row>;

  constructor(session: Session, lines: PlainLines, config: Spoken, listed: Listed<Row>) {
    this.#session = session;
    this.#lines = lines;
    this.#config = config;
    this.#listed = listed;
  }

  get listed(): Listed<Row> {
    return this.#listed;
  }

  /** Begins another list, and says the first of it. */
  begin(listed: Listed<Row>): void {
    this.#listed = listed;
    this.more();
  }

  more(): void {
    const page = nextPage(this.#listed, this.#config.maxRows ?? PAGE);
    this.#listed = page.listed;
    this.#lines.say(...page.lines);
  }

  /** The next answer that changes something; everything else is answered here. */
  async next(find?: Find<Row>): Promise<Choice<Row>> {
    for (;;) {
      const line = await this.#lines.ask(`${this.#listed.noun}: `);
      const meant = meaningOf(line, this.#listed, await this.#known(line, find));
      switch (meant.kind) {
        case 'nothing':
          break;
        case 'leave':
          return leave();
        case 'more':
          this.more();
          break;
        case 'refused':
          this.#lines.refuse(meant.sentence);
          break;
        case 'unknown': {
          const row = await this.#lookedUp(meant.text, line);
          if (row !== undefined && this.#allows(row)) return { kind: 'row', row };
          break;
        }
        case 'row':
          if (this.#allows(meant.row)) return meant;
          break;
        default:
          return meant;
      }
    }
  }

  async #known({ text }: Line, find: Find<Row> | undefined): Promise<Row | undefined> {
    if (find === undefined || text === '' || text.startsWith('/')) return undefined;
    return await this.#lines.during((signal) => find(text, signal));
  }

  #allows({ key, disabled }: Row): boolean {
    if (disabled !== undefined) this.#lines.refuse(`${printable(key)}: ${printable(disabled)}`);
    return disabled === undefined;
  }

  /** The row that a text stands for; or it is refused. */
  async #lookedUp(text: string, line: Line): Promise<Row | undefined> {
    const { index, noun } = this.#listed;
    const answer = await this.#lines.during(async (signal) => await answerTo(this.#config, text, signal));
    const at = answer !== undefined && 'key' in answer ? index.named(answer.key) : undefined;
    if (at !== undefined) return index.rows[at];
    if (line.scanned) this.#session.scanning?.missed(text);
    const byHand = line.scanned || line.early ? '' : `; ?${printable(text)} searches`;
    const why = answer !== undefined && 'why' in answer ? answer.why : `no ${noun} ${text} here${byHand}`;
    this.#lines.refuse(printable(why));
    return undefined;
  }
}

/** What was entered is refused in any case; that the reason can't be found out must not end the prompt. */
async function answerTo(config: Spoken, text: string, signal: AbortSignal): Promise<LookedUp> {
  try {
    return await config.lookUp?.(text, signal);
  } catch {
    return undefined;
  }
}

/** A single choice. */
export function plainPickOne(session: Session, config: PickOneConfig): Promise<Outcome<PickRow>> {
  return conversation(session, async (lines) => {
    const { rows, exact, noun = 'row' } = config;
    const search = async (text: string): Promise<Listed> => {
      if (typeof rows !== 'function') {
        const index = indexRows(rows, config.columns);
        return { index, noun, found: index.matches(text), said: 0 };
      }
      const result = await lines.during(async (signal) => {
        const found = await rows(text, signal);
        return { rows: found.rows, total: (await found.total) ?? ('uncounted' as const) };
      });
      const index = indexRows(result.rows, config.columns);
      const total = result.total === result.rows.length ? {} : { total: result.total };
      return { index, noun, found: index.matches(''), said: 0, ...total };
    };
    lines.say(`? ${printable(config.message)}`);
    const first = await search('');
    const picker = new PlainPicker(session, lines, config, first);
    picker.begin(first);
    lines.explain(`Type the ${noun} or its #number, ?text to search, /leave to leave.`);
    for (;;) {
      const meant = await picker.next(
        exact === undefined ? undefined : async (text, signal) => await exact(text, signal),
      );
      if (meant.kind === 'row') return meant.row;
      if (meant.kind === 'search') picker.begin(await search(meant.text));
      else lines.refuse(`one ${noun} is chosen here, by its name or number`);
    }
  });
}

/** A choice of several, one after the other. */
export function plainPickMany(
  session: Session,
  config: PickManyConfig,
): Promise<Outcome<readonly PickRow[]>> {
  return conversation(session, async (lines) => {
    const noun = config.noun ?? 'row';
    const index = indexRows(config.rows, config.columns, config.sorts);
    const basket = new Basket(config, noun, index);
    let sort = 0;
    const listed = (text: string): Listed => ({ index, noun, found: index.matches(text, sort), said: 0 });
    const picker = new PlainPicker(session, lines, config, listed(''));
    lines.say(`? ${printable(config.message)}`);
    picker.begin(picker.listed);
    const sorted = index.sorts.length > 1 ? '/sort for another order, ' : '';
    lines.explain(
      `Type a ${noun} or its #number to add it, /off and the same to take it off, ?text to search, ${sorted}/done to finish, /leave to leave.`,
    );
    for (;;) {
      const meant = await picker.next();
      switch (meant.kind) {
        case 'row':
          lines.say(basket.add(meant.row), basket.total());
          break;
        case 'off':
          lines.say(basket.takeOff(meant.row), basket.total());
          break;
        case 'search':
          picker.begin(listed(meant.text));
          break;
        case 'sort':
          sort = (sort + 1) % Math.max(1, index.sorts.length);
          lines.say(`sorted by ${index.sorts[sort] ?? 'nothing else'}`);
          picker.begin(listed(''));
          break;
        case 'done':
          if (basket.rows.length > 0 || config.allowEmpty === true) return basket.rows;
          lines.refuse(`no ${noun} chosen yet; /leave leaves`);
      }
    }
  });
}

/** What has been picked, in order. */
class Basket {
  readonly #config: PickManyConfig;
  readonly #noun: string;
  readonly #picked: Set<PickRow>;

  constructor(config: PickManyConfig, noun: string, index: RowIndex) {
    this.#config = config;
    this.#noun = noun;
    const positions = (config.picked ?? []).map((key) => index.named(key));
    const rows = positions.map((at) => (at === undefined ? undefined : index.rows[at]));
    this.#picked = new Set(rows.filter((row) => row !== undefined));
  }

  get rows(): readonly PickRow[] {
    return [...this.#picked];
  }

  add(row: PickRow): string {
    const known = this.#picked.has(row);
    this.#picked.add(row);
    return `✓ ${known ? `${printable(row.key)} is already chosen` : `added ${printable(row.key)}`}`;
  }

  takeOff(row: PickRow): string {
    const removed = this.#picked.delete(row);
    return removed ? `✓ took ${printable(row.key)} off` : `✗ ${printable(row.key)} was not chosen`;
  }

  total(): string {
    const more = this.#config.footer === undefined ? '' : printable(this.#config.footer(this.rows));
    return `selected ${count(this.#picked.size, this.#noun)}${more === '' ? '' : `, ${more}`}`;
  }
}
