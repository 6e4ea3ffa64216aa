/** Replacing customers' names by others that tell them apart and say nothing more. */
import type { DiagnoseAnswer, FindingDocument } from '../core/index.ts';
import type { BundleTable, BundleValue } from './diagnosis-store.ts';

export class Hider {
  readonly #names = new Map<string, string>();

  /**
   * `customers` are the names with a number each. The number is of the ledger and not of the name, so the name can't be
   * told from it; and it is the same in every bundle of the ledger. `former` are names that only history knows, and may be
   * among those.
   */
  constructor(customers: ReadonlyMap<string, number>, former: Iterable<string>) {
    for (const name of former) this.#names.set(name, 'a former customer');
    for (const [name, number] of customers) this.#names.set(name, `Customer ${number}`);
  }

  /** The columns that hold names, or texts in which people may have written them. */
  table({ table, columns, rows }: BundleTable): BundleTable {
    const hide = (column: string | undefined): ((value: BundleValue) => BundleValue) => {
      if (table === 'orders' && column === 'customer') return (value) => this.#name(value);
      if (table === 'events' && (column === 'before' || column === 'after'))
        return (value) => this.#fields(value);
      if (table === 'operations' && column === 'reason')
        return (value) => (typeof value === 'string' ? this.#text(value) : value);
      return (value) => value;
    };
    const each = columns.map(hide);
    return { table, columns, rows: rows.map((row) => row.map((value, at) => each[at]?.(value) ?? null)) };
  }

  diagnosis(answer: DiagnoseAnswer): DiagnoseAnswer {
    const findings = answer.findings.map((finding) => ({
      ...finding,
      message: this.#message(finding),
      facts: Object.fromEntries(
        Object.entries(finding.facts).map(([name, value]) => [
          name,
          typeof value === 'string' ? this.#whole(value) : value,
        ]),
      ),
      short: finding.short.map((line) => ({
        ...line,
        customer: line.customer === null ? null : this.#whole(line.customer),
      })),
      repair: finding.repair.map((step) => {
        if (step.do !== 'put_back' || step.said['customer'] === undefined) return step;
        const [found, said] = [step.found, step.said].map((fields) => {
          return { ...fields, customer: this.#name(fields['customer'] ?? null) };
        });
        return { ...step, found: found ?? {}, said: said ?? {} };
      }),
    }));
    return { ...answer, findings };
  }

  #name(value: BundleValue): BundleValue {
    return typeof value === 'string' ? this.#whole(value) : value;
  }

  #whole(value: string): string {
    return this.#names.get(value) ?? value;
  }

  #fields(value: BundleValue): BundleValue {
    const fields = fieldsOf(value);
    if (typeof value !== 'string' || typeof fields['customer'] !== 'string') return value;
    return JSON.stringify({ ...fields, customer: this.#whole(fields['customer']) });
  }

  /** Sentences name a customer in brackets behind the order; those about history quote what is stored. */
  #message({ check, message }: FindingDocument): string {
    if (check === 'history-state' || check === 'history-chain') return this.#text(message);
    let hidden = message;
    for (const [name, other] of this.#names) hidden = hidden.replaceAll(`(${name})`, `(${other})`);
    return hidden;
  }

  /** Whole words of what somebody wrote. */
  #text(text: string): string {
    let hidden = text;
    for (const [name, other] of this.#names) {
      const words = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(name)}(?![\\p{L}\\p{N}])`, 'giu');
      hidden = hidden.replace(words, other);
    }
    return hidden;
  }
}

/** Every customer's name in the events of a bundle, and in what a repair would put back. */
export function namesInHistory(tables: readonly BundleTable[], { findings }: DiagnoseAnswer): Set<string> {
  const events = tables.find(({ table }) => table === 'events');
  const at = ['before', 'after'].map((column) => events?.columns.indexOf(column) ?? -1);
  const steps = findings.flatMap(({ repair }) => repair);
  const all: Readonly<Record<string, unknown>>[] = [
    ...(events?.rows ?? []).flatMap((row) => at.map((column) => fieldsOf(row[column] ?? null))),
    ...steps.flatMap((step) => (step.do === 'put_back' ? [step.found, step.said] : [])),
  ];
  return new Set(all.flatMap(({ customer }) => (typeof customer === 'string' ? [customer] : [])));
}

/** An event's fields; none where it has none. */
function fieldsOf(value: BundleValue): Readonly<Record<string, BundleValue>> {
  return typeof value === 'string' ? (JSON.parse(value) as Record<string, BundleValue>) : {};
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
