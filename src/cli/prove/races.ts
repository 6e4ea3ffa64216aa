/**
 * The races of `prove`. In each round all workers are told to begin at the same moment; what they answer, and how the
 * stock stands afterwards, must be what the rules allow: one winner, and everybody else told who it is.
 */
import type { Answer, ReserveCommand, ShipCommand, UnreserveCommand } from '../../core/index.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';

export type Request =
  | { readonly verb: 'reserve'; readonly command: ReserveCommand; readonly intent: Intent }
  | { readonly verb: 'unreserve'; readonly command: UnreserveCommand; readonly intent: Intent }
  | { readonly verb: 'ship'; readonly command: ShipCommand; readonly intent: Intent };

/** What a worker got: an answer, or what was thrown. */
export type Reply = Pick<Answer, 'code' | 'ok' | 'refusals' | 'operation'> | { readonly thrown: string };

export interface Round {
  readonly number: number;
  readonly workers: number;
}

export interface Verdict {
  /** How many workers got what all of them wanted; it must be one. */
  readonly winners: number;
  readonly refused: number;
  /** Sentences about what must not be. */
  readonly problems: readonly string[];
}

export interface Race {
  /** What a line of the report calls it. */
  readonly name: string;
  /** The labels of a round, one piece each. */
  labels(round: Round): readonly string[];
  /** Orders of a round besides those of the workers, with how many pieces they need. */
  orders?(round: Round): readonly { readonly order: string; readonly pieces: number }[];
  /** Brings the stock into the state that the race begins with. */
  prepare?(room: Stockroom, round: Round): Promise<void>;
  /** What each worker is to do. */
  requests(round: Round): readonly Request[];
  judge(room: Stockroom, round: Round, replies: readonly Reply[]): Promise<Verdict>;
}

export const ITEM = 'PROOF';

/** The order that a worker reserves for. */
export function orderOf(worker: number): string {
  return `W-${worker + 1}`;
}

function intentOf(round: Round, race: string, worker: number): Intent {
  return { operation: `${race}-${round.number}-${worker + 1}`, actor: `worker ${worker + 1}` };
}

function everyWorker<T>({ workers }: Round, each: (worker: number) => T): T[] {
  return Array.from({ length: workers }, (_, worker) => each(worker));
}

function reserving(round: Round, race: string, worker: number, labels: readonly string[]): Request {
  const command = { order: orderOf(worker), labels };
  return { verb: 'reserve', command, intent: intentOf(round, race, worker) };
}

const won = (reply: Reply): boolean => 'ok' in reply && reply.ok;

/** What was neither a success nor the one refusal that may be. */
function unexpected(replies: readonly Reply[], allowed: readonly string[]): string[] {
  return replies.flatMap((reply, worker) => {
    if ('thrown' in reply) return [`worker ${worker + 1}: ${reply.thrown}`];
    return allowed.includes(reply.code) ? [] : [`worker ${worker + 1} was answered ${reply.code}`];
  });
}

async function holders(room: Stockroom, labels: readonly string[]): Promise<(string | null)[]> {
  return (await room.find(labels)).results.map(({ reservation }) => reservation?.order ?? null);
}

/** One winner, who holds all of `wanted` of his, and every loser was told that it is he. */
async function judgeOneWinner(
  room: Stockroom,
  round: Round,
  replies: readonly Reply[],
  wanted: (worker: number) => readonly string[],
): Promise<Verdict> {
  const problems = unexpected(replies, ['reserved', 'label_reserved_elsewhere']);
  const winners = replies.flatMap((reply, worker) => (won(reply) ? [worker] : []));
  if (winners.length !== 1) problems.push(`round ${round.number} had ${winners.length} winners`);
  for (const winner of winners) {
    const held = await holders(room, wanted(winner));
    if (held.some((order) => order !== orderOf(winner))) {
      problems.push(
        `worker ${winner + 1} was told that it holds ${wanted(winner).join(' and ')}, and does not`,
      );
    }
  }
  for (const [worker, reply] of replies.entries()) {
    if (!('refusals' in reply) || reply.ok) continue;
    for (const refusal of reply.refusals) {
      if (refusal.code !== 'label_reserved_elsewhere') continue;
      if (!winners.some((winner) => orderOf(winner) === refusal.holder.order)) {
        problems.push(`worker ${worker + 1} was told that ${refusal.holder.order} holds ${refusal.label}`);
      }
    }
  }
  return { winners: winners.length, refused: replies.length - winners.length, problems };
}

const ONE_LABEL: Race = {
  name: 'the same label',
  labels: ({ number }) => [`ONE-${number}`],
  requests: (round) =>
    everyWorker(round, (worker) => reserving(round, 'one', worker, ONE_LABEL.labels(round))),
  judge: async (room, round, replies) => {
    return await judgeOneWinner(room, round, replies, () => ONE_LABEL.labels(round));
  },
};

/** Two sets that share a label, each taken in the opposite order of the other. */
function overlapping(round: Round, worker: number): readonly string[] {
  const [first = '', shared = '', last = ''] = OVERLAPPING.labels(round);
  return worker % 2 === 0 ? [first, shared] : [last, shared].reverse();
}

const OVERLAPPING: Race = {
  name: 'overlapping sets, in opposite orders',
  labels: ({ number }) => ['A', 'B', 'C'].map((part) => `SET-${number}${part}`),
  requests: (round) => {
    return everyWorker(round, (worker) => reserving(round, 'set', worker, overlapping(round, worker)));
  },
  judge: async (room, round, replies) => {
    const verdict = await judgeOneWinner(room, round, replies, (worker) => overlapping(round, worker));
    const held = (await holders(room, OVERLAPPING.labels(round))).filter((order) => order !== null);
    if (held.length === 2) return verdict;
    const half = `round ${round.number} left ${held.length} labels held instead of 2`;
    return { ...verdict, problems: [...verdict.problems, half] };
  },
};

/** One command that is sent by everybody with the same id, as by a client that retries. */
const ONE_OPERATION: Race = {
  name: 'the same operation id',
  labels: ({ number }) => [`SAME-${number}`],
  requests: (round) => {
    const [same] = [reserving(round, 'same', 0, ONE_OPERATION.labels(round))];
    return everyWorker(round, () => same);
  },
  judge: async (room, round, replies) => {
    const problems = unexpected(replies, ['reserved']);
    const answers = new Set(replies.map((reply) => JSON.stringify(reply)));
    if (answers.size !== 1) problems.push(`round ${round.number} gave ${answers.size} different answers`);
    const [label = ''] = ONE_OPERATION.labels(round);
    const view = await room.show({ kind: 'label', name: label });
    const events = view.kind === 'label' ? view.events.length : 0;
    if (events !== 1) problems.push(`${label} has ${events} events instead of 1`);
    return { winners: Math.min(events, 1), refused: 0, problems };
  },
};

/** The first worker ships an order that holds enough; the others reserve for it. */
const SHIPPING: Race = {
  name: 'ship against reserve, for one order',
  labels: (round) => everyWorker(round, (worker) => `SHIP-${round.number}-${worker + 1}`),
  orders: ({ number }) => [{ order: `S-${number}`, pieces: 1 }],
  prepare: async (room, round) => {
    const [first = ''] = SHIPPING.labels(round);
    const intent = { operation: `ship-${round.number}-begin`, actor: 'prove' };
    await room.reserve({ order: `S-${round.number}`, labels: [first] }, intent);
  },
  requests: (round) => {
    const order = `S-${round.number}`;
    return SHIPPING.labels(round).map((label, worker): Request => {
      const intent = intentOf(round, 'ship', worker);
      if (worker === 0) return { verb: 'ship', command: { order }, intent };
      return { verb: 'reserve', command: { order, labels: [label] }, intent };
    });
  },
  judge: async (room, round, replies) => {
    const problems = unexpected(replies, ['shipped', 'reserved', 'order_not_live']);
    const shipped = replies.filter((reply) => 'code' in reply && reply.code === 'shipped').length;
    const held = (await holders(room, SHIPPING.labels(round))).filter((order) => order !== null);
    if (held.length > 0) problems.push(`S-${round.number} is shipped and still holds ${held.length} labels`);
    return { winners: shipped, refused: replies.filter((reply) => !won(reply)).length, problems };
  },
};

/** The first worker frees a label; the others reserve it. */
const FREEING: Race = {
  name: 'unreserve against reserve',
  labels: ({ number }) => [`FREE-${number}`],
  prepare: async (room, round) => {
    const intent = { operation: `free-${round.number}-begin`, actor: 'prove' };
    await room.reserve({ order: orderOf(0), labels: FREEING.labels(round) }, intent);
  },
  requests: (round) => {
    const labels = FREEING.labels(round);
    return everyWorker(round, (worker): Request => {
      if (worker > 0) return reserving(round, 'free', worker, labels);
      const command = { target: { labels }, expectOrder: orderOf(0) };
      return { verb: 'unreserve', command, intent: intentOf(round, 'free', worker) };
    });
  },
  judge: async (room, round, replies) => {
    const problems = unexpected(replies, ['unreserved', 'reserved', 'label_reserved_elsewhere']);
    const [freed, ...others] = replies;
    if (freed === undefined || !won(freed)) problems.push(`round ${round.number} did not free its label`);
    const winners = others.flatMap((reply, at) => (won(reply) ? [orderOf(at + 1)] : []));
    const [holder = null] = await holders(room, FREEING.labels(round));
    if (winners.length > 1 || holder !== (winners[0] ?? null)) {
      problems.push(
        `round ${round.number}: ${winners.join(', ') || 'nobody'} won, ${holder ?? 'nobody'} holds it`,
      );
    }
    // Everybody may have come before the label was free; then the one who freed it is the only one who got his way.
    return { winners: 1, refused: others.length - winners.length, problems };
  },
};

export const RACES: readonly Race[] = [ONE_LABEL, OVERLAPPING, ONE_OPERATION, SHIPPING, FREEING];
