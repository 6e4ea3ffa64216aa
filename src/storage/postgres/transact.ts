/**
 * Deciding and writing as one on PostgreSQL (DESIGN section 6), at READ COMMITTED with row locks. Mostly nothing is locked
 * while it is loaded and decided; the locks are taken and everything is checked again when it is written, and if anything
 * has changed it is all done anew. What must see all that an order holds, and what was too late twice, locks first.
 */
import type { Decision, Scope, Snapshot } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { OperationRequest, Transacted } from '../../stockroom/ledger.ts';
import { ask, askAll, BEGIN, COMMIT, type Connections, limits, type Session } from './connection.ts';
import { isLost, isStale, isTransient } from './errors.ts';
import { type Loaded, load, loaded, loading, rowOf } from './load.ts';
import { lockRows, lockScope, locksFirst } from './lock.ts';
import { pause } from './retry.ts';
import { type Writing, writeStatement } from './write.ts';

/** How often it may be done anew because of a change or a deadlock, and after how many times it locks first. */
const ATTEMPTS = 10;
const OPTIMISTIC = 2;
/** How long an operation whose commit was not answered is asked for at least, in milliseconds. */
const ASKING = 3_000;

interface Request<A> {
  readonly operation: OperationRequest;
  readonly scope: Scope;
  readonly decide: (snapshot: Snapshot) => Decision<A>;
  readonly deadline: number;
}

type Answerable = { readonly ok: boolean };

/** Nothing was written, because something had changed since it was loaded. */
const STALE = Symbol('stale');

/** A commit was sent, and no answer came: it may have been done. */
class Unanswered extends Error {}

/** Errors are thrown as they come, or as faults. */
export async function transact<A extends Answerable>(
  connections: Connections,
  request: Request<A>,
): Promise<Transacted<A>> {
  let { deadline } = request;
  let unanswered: Unanswered | undefined;
  for (let attempt = 1; ; attempt++) {
    const run = locksFirst(request.scope) || attempt > OPTIMISTIC ? runLocked : runGuarded;
    try {
      const result = await connections.use(deadline, (session) => run(session, { ...request, deadline }));
      if (result !== STALE) return result;
    } catch (error) {
      if (error instanceof Unanswered) {
        unanswered ??= error;
        deadline = Math.max(deadline, Date.now() + ASKING);
      } else if (unanswered === undefined && !mayTryAgain(error)) throw error;
    }
    // Going on is safe because of the id: should the unanswered commit be done after all, it is found by it.
    const over = Date.now() >= deadline;
    if (unanswered !== undefined && over) throw unknown(request.operation, connections.place, unanswered);
    if (unanswered === undefined && (over || attempt === ATTEMPTS)) throw tooLate(connections.place);
    await pause(attempt, deadline);
  }
}

/** What was not done may be done anew: a deadlock, a key that another took first, a connection that had ended unseen. */
function mayTryAgain(error: unknown): boolean {
  return !(error instanceof Fault) && (isTransient(error) || isStale(error) || isLost(error));
}

function tooLate(place: string): Fault {
  return new Fault('busy', `${place} was changed by others all the time; nothing was done, try again`);
}

function unknown({ id }: OperationRequest, place: string, cause: Unanswered): Fault {
  const message = `the connection to ${place} was lost, and whether ${id} was done can not be learnt now; run it again with --operation-id ${id}`;
  return new Fault('outcome_unknown', message, { cause: cause.cause });
}

type Run<A> = Promise<Transacted<A> | typeof STALE>;

/** Loads and decides without a lock. Then locks, checks and writes, all in one trip. */
async function runGuarded<A extends Answerable>(session: Session, request: Request<A>): Run<A> {
  const { operation, scope, deadline } = request;
  const from = await load(session, scope, operation.id, deadline);
  const { decided, writing } = decide(request, from);
  if (writing === undefined) return decided;
  const { orders, labels } = rowsToLock(writing);
  const locks = [];
  if (orders.length > 0) locks.push(lockRows('orders', orders));
  if (labels.length > 0) locks.push(lockRows('labels', labels));
  // Outside a transaction, what is sent in one trip is one.
  const results = await answered(
    askAll(session, [...limits(deadline), ...locks, writeStatement(writing)], deadline),
  );
  return results.at(-1)?.length === 1 ? decided : STALE;
}

/** What must be locked while it is written: all that the decision relied on, and whatever it touches besides. */
function rowsToLock({ touched, loaded: { orders, labels } }: Writing) {
  return {
    orders: [...new Set([...touched, ...orders.map(({ id }) => id)])],
    labels: labels.map(({ id }) => id),
  };
}

/** Locks before it loads, so that nothing can change until it is written. */
async function runLocked<A extends Answerable>(session: Session, request: Request<A>): Run<A> {
  const { operation, scope, deadline } = request;
  const locks = lockScope(scope);
  const loads = loading(scope, operation.id);
  const begun = [BEGIN, ...limits(deadline)];
  const results = (await askAll(session, [...begun, ...locks, loads], deadline)).slice(begun.length);
  const locked = locks.flatMap(({ table }, at) => results[at]?.map(([id]) => `${table} ${id}`) ?? []);
  const from = await loaded(session, scope, rowOf(loads, results.at(-1)), deadline);
  const { decided, writing } = decide(request, from);
  if (writing !== undefined && isLocked(writing, new Set(locked))) {
    // What the clock says now is not too early: the decision knew all that had happened to what is locked.
    const write = writeStatement({ ...writing, touched: [] });
    const [written] = await answered(askAll(session, [write, COMMIT], deadline));
    return written?.length === 1 ? decided : STALE;
  }
  await ask(session, { text: 'rollback' }, deadline);
  return writing === undefined ? decided : STALE;
}

/** A label may have changed hands while its lock was waited for: then the order of its new holder is not locked. */
function isLocked(writing: Writing, locked: ReadonlySet<string>): boolean {
  const { orders, labels } = rowsToLock(writing);
  return orders.every((id) => locked.has(`orders ${id}`)) && labels.every((id) => locked.has(`labels ${id}`));
}

function decide<A extends Answerable>(
  { operation, decide: rules }: Request<A>,
  from: Loaded,
): { readonly decided: Transacted<A>; readonly writing?: Writing } {
  if (from.operation !== null) return { decided: { kind: 'recorded', operation: from.operation } };
  const { answer, at, changes } = rules(from.snapshot);
  const decided: Transacted<A> = { kind: 'decided', answer };
  if (!answer.ok) return { decided };
  const touched = new Set(changes.events.flatMap(({ orderId }) => orderId ?? []));
  const writing = { operation, at, answer: JSON.stringify(answer), changes, loaded: from };
  return { decided, writing: { ...writing, touched: [...touched] } };
}

/** The answer to a commit. If none comes it stays open whether that was done. */
async function answered<T>(commit: Promise<T>): Promise<T> {
  try {
    return await commit;
  } catch (error) {
    throw isLost(error) ? new Unanswered('no answer to a commit', { cause: error }) : error;
  }
}
