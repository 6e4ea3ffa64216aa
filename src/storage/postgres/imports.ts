/**
 * What imports need of a PostgreSQL ledger. Imports follow one another, because they alone add items, labels, orders and
 * lines, and must find no other import's half. Beside desks they lock what they touch: orders, then labels.
 */
import type { ImportKind, ImportKnown, ImportRows, ImportWrites, MergeResult } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { ImportStore, ImportTransaction, StagedRows } from '../../stockroom/import-store.ts';
import type { OperationRequest, RecordedOperation } from '../../stockroom/ledger.ts';
import { TemporaryStage } from '../staged-rows.ts';
import { textArray, numberArray } from './arrays.ts';
import type { Statement } from './batch.ts';
import { allOf, ask, begin, type Connections, PLAN_AS_USUAL, type Session } from './connection.ts';
import { asFault, isLost } from './errors.ts';
import { EVENT_ROWS, eventArrays } from './events.ts';
import { ImportReader } from './import-known.ts';
import { writeStatements } from './import-write.ts';
import type { PostgresLedger } from './ledger.ts';
import { lockRows } from './lock.ts';

/** How long one statement of an import may take, in milliseconds; everything at once may be millions of rows. */
const LONGEST_STATEMENT = 300_000;

export class PostgresImports implements ImportStore {
  readonly #ledger: PostgresLedger;
  readonly #connections: Connections;

  constructor(ledger: PostgresLedger, connections: Connections) {
    this.#ledger = ledger;
    this.#connections = connections;
  }

  async known<K extends ImportKind>(
    kind: K,
    rows: readonly ImportRows[K][],
    deadline: number,
  ): Promise<ImportKnown[K]> {
    return await this.#ledger.reading(deadline, async (session) => {
      const patience = Date.now() + LONGEST_STATEMENT;
      const begun = [{ text: 'begin isolation level repeatable read read only' }, PLAN_AS_USUAL];
      await allOf(begun.map((statement) => ask(session, statement, patience)));
      const known = await new ImportReader(session, patience).known(kind, rows);
      await ask(session, { text: 'rollback' }, patience);
      return known;
    });
  }

  async operation(id: string): Promise<RecordedOperation | null> {
    return await this.#ledger.operation(id);
  }

  async transaction<T>(
    operation: OperationRequest,
    deadline: number,
    work: (transaction: ImportTransaction) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#connections.use(deadline, async (session) => {
        await allOf(
          [begin(deadline), PLAN_AS_USUAL, ...ONE_AT_A_TIME].map((statement) =>
            ask(session, statement, deadline),
          ),
        );
        const result = await work(new PostgresImportTransaction(session, operation));
        await this.#commit(session, operation);
        return result;
      });
    } catch (error) {
      throw asFault(error, this.#connections.place);
    }
  }

  stage(): StagedRows {
    return new TemporaryStage();
  }

  async #commit(session: Session, { id }: OperationRequest): Promise<void> {
    try {
      await ask(session, { text: 'commit' }, Date.now() + LONGEST_STATEMENT);
    } catch (error) {
      if (!isLost(error)) throw error;
      throw new Fault('outcome_unknown', `a commit of ${id} failed half-way`, { cause: error });
    }
  }
}

/** The second lock tells those who read history to its end that something is being written (`history/sql.ts`). */
const ONE_AT_A_TIME: readonly Statement[] = [
  { text: 'select from earmark_schema where version = 1 for update' },
  { text: 'lock table operations in row exclusive mode' },
];

/** Gives the id of an operation, which is recorded if it is not yet there. */
const OPERATION = `
  with found as (select id from operations where name = $1),
  made as (
    insert into operations (name, verb, actor, reason, fingerprint, at)
    select $1, $2, $3, $4, $5, $6::bigint where not exists (select from found) returning id)
  select id from found union all select id from made`;
const FREE = 'delete from reservations where label_id = any($1::bigint[])';
const NEW_EVENTS = `
  insert into events (operation_id, at, kind, item_id, label_id, order_id, line_id, before, after)
  select $8::bigint, $9::bigint, t.kind, t.item_id, t.label_id, t.order_id, t.line_id, t.before, t.after
  from ${EVENT_ROWS} order by t.place`;

class PostgresImportTransaction implements ImportTransaction {
  readonly #session: Session;
  readonly #operation: OperationRequest;
  #operationId: number | undefined;

  constructor(session: Session, operation: OperationRequest) {
    this.#session = session;
    this.#operation = operation;
  }

  /** What is known once it is locked. A label that changed hands meanwhile is locked anew, with its new holder's order. */
  async known<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): Promise<ImportKnown[K]> {
    for (;;) {
      const begun = this.#run({ text: 'savepoint unlocked' });
      const locks = locking(kind, rows).map((lock) =>
        ask<{ id: number }>(this.#session, lock, this.#patience),
      );
      const reading = new ImportReader(this.#session, this.#patience).known(kind, rows);
      await allOf([begun, ...locks, reading]);
      const known = await reading;
      const locked = new Set((await locks[0])?.rows.map(({ id }) => id));
      if (holdersIn(known).every((id) => locked.has(id))) return known;
      await this.#run({ text: 'rollback to savepoint unlocked' });
    }
  }

  async write<K extends ImportKind>(
    kind: K,
    { writes, freedLabels, events, at }: MergeResult<ImportWrites[K]>,
  ): Promise<void> {
    const operationId = await this.#recorded(at);
    const steps: Promise<unknown>[] = [];
    // Labels are freed before their rows change, because a reservation holds its label's item fast.
    if (freedLabels.length > 0) {
      steps.push(this.#run(lockRows('labels', freedLabels)));
      const free = { name: 'import free', text: FREE, values: [numberArray(freedLabels)] };
      steps.push(this.#all(free, freedLabels.length));
    }
    for (const { statement, rows } of writeStatements(kind, writes, operationId, at)) {
      steps.push(this.#all(statement, rows));
    }
    if (events.length > 0) {
      const values = [...eventArrays(events), operationId, at];
      steps.push(this.#all({ name: 'import events', text: NEW_EVENTS, values }, events.length));
    }
    await allOf(steps);
  }

  async finish(at: number, answer: string): Promise<void> {
    const id = await this.#recorded(at);
    const text = 'update operations set answer = $1, at = $2 where id = $3';
    await this.#all({ text, values: [answer, at, id] }, 1);
  }

  /** The operation's row, made by the first transaction that needs it. */
  async #recorded(at: number): Promise<number> {
    if (this.#operationId !== undefined) return this.#operationId;
    const { id: name, verb, actor, reason, fingerprint } = this.#operation;
    const values = [name, verb, actor, reason, fingerprint, at];
    const statement = { name: 'import operation', text: OPERATION, values };
    const { rows } = await ask<{ id: number }>(this.#session, statement, this.#patience);
    const [operation] = rows;
    if (operation === undefined) throw new Error(`operation ${name} has no row`);
    this.#operationId = operation.id;
    return operation.id;
  }

  /** Runs a statement that must write so many rows; else it is a bug. */
  async #all(statement: Statement, rows: number): Promise<void> {
    const { rowCount } = await this.#run(statement);
    if (rowCount !== rows) throw new Error(`wrote ${rowCount} rows instead of ${rows}: ${statement.name}`);
  }

  async #run(statement: Statement) {
    return await ask<object>(this.#session, statement, this.#patience);
  }

  get #patience(): number {
    return Date.now() + LONGEST_STATEMENT;
  }
}

/** Locks the rows that are there already, orders before labels; those that are not are nobody else's to add. */
function locking<K extends ImportKind>(kind: K, rows: readonly ImportRows[K][]): Statement[] {
  const lockers: { [Kind in ImportKind]: (rows: readonly ImportRows[Kind][]) => Statement[] } = {
    items: () => [],
    labels: (labels) => {
      const numbers = labels.map(({ number }) => number);
      return [lockIn('orders', 'holders', HOLDERS, numbers), lockIn('labels', 'labels', LABELS, numbers)];
    },
    orders: (orders) => [lockIn('orders', 'orders', ORDERS, [...orders.map(({ number }) => number)])],
    lines: (lines) => [lockIn('orders', 'orders', ORDERS, [...new Set(lines.map(({ order }) => order))])],
  };
  return lockers[kind](rows);
}

const LABELS = 'select id from labels where number = any($1::text[])';
const ORDERS = 'select id from orders where number = any($1::text[])';
const HOLDERS = `
  select k.order_id from labels l join reservations r on r.label_id = l.id join order_lines k on k.id = r.line_id
  where l.number = any($1::text[])`;

function lockIn(
  table: 'labels' | 'orders',
  name: string,
  ids: string,
  numbers: readonly string[],
): Statement {
  return {
    name: `import lock ${name}`,
    text: `select id from ${table} where id in (${ids}) order by id for no key update`,
    values: [textArray(numbers)],
  };
}

/** The orders that hold labels among what is known. */
function holdersIn(known: ImportKnown[ImportKind]): number[] {
  if (!('labels' in known)) return [];
  return [...known.labels.values()].flatMap(({ state }) => state.holder?.orderId ?? []);
}
