/** The verbs: one entry each, which is all that a verb needs to be offered over HTTP. */
import type { z } from '@hono/zod-openapi';
import { type Envelope, OUTCOMES, type OutcomeCode, PRECEDENCE, refusalProblem } from '../../core/index.ts';
import { Fault } from '../../stockroom/fault.ts';
import type { Intent, Stockroom } from '../../stockroom/stockroom.ts';
import type { Role } from '../../stockroom/tokens.ts';
import { MEDIA, type RefusedProblem, VERB_PATHS } from '../wire.ts';
import { readBody, readOperationId } from './body.ts';
import { problemResponse, WRONG_BODY } from './responses.ts';
import type { Route, Served } from './route.ts';
import {
  endAnswer,
  reserveAnswer,
  shipAnswer,
  swapAnswer,
  transferAnswer,
  undoAnswer,
  unreserveAnswer,
} from './schemas/answers.ts';
import {
  autoReserveCommand,
  endCommand,
  reserveCommand,
  shipCommand,
  swapCommand,
  transferCommand,
  undoCommand,
  unreserveCommand,
} from './schemas/commands.ts';
import { repairAnswer, repairCommand } from './schemas/diagnosis.ts';
import { refusedProblem } from './schemas/problems.ts';
import { operationHeaders, verbRequest } from './schemas/requests.ts';

interface Verb<C, A extends Envelope> {
  readonly summary: string;
  readonly role: Role;
  readonly command: z.ZodType<C>;
  readonly answer: z.ZodType<NoInfer<A>>;
  /** What it may answer. */
  readonly outcomes: readonly OutcomeCode[];
  run(stockroom: Stockroom, command: C, intent: Intent): Promise<A>;
}

type MakeRoute = (name: string, path: string, served: Served) => Route;

const VERBS: Readonly<Record<keyof typeof VERB_PATHS, MakeRoute>> = {
  reserve: verb({
    summary: 'Set labels aside for an order',
    role: 'operate',
    command: reserveCommand,
    answer: reserveAnswer,
    outcomes: PRECEDENCE.reserve,
    run: (stockroom, command, intent) => stockroom.reserve(command, intent),
  }),
  reserveAutomatically: verb({
    summary: 'Set labels aside that the server chooses',
    role: 'operate',
    command: autoReserveCommand,
    answer: reserveAnswer,
    outcomes: PRECEDENCE.reserve,
    run: (stockroom, command, intent) => stockroom.reserveAutomatically(command, intent),
  }),
  unreserve: verb({
    summary: 'Free labels',
    role: 'operate',
    command: unreserveCommand,
    answer: unreserveAnswer,
    outcomes: PRECEDENCE.unreserve,
    run: (stockroom, command, intent) => stockroom.unreserve(command, intent),
  }),
  ship: verb({
    summary: 'Ship an order from its labels',
    role: 'operate',
    command: shipCommand,
    answer: shipAnswer,
    outcomes: PRECEDENCE.ship,
    run: (stockroom, command, intent) => stockroom.ship(command, intent),
  }),
  transfer: verb({
    summary: 'Move reservations to another line',
    role: 'operate',
    command: transferCommand,
    answer: transferAnswer,
    outcomes: PRECEDENCE.transfer,
    run: (stockroom, command, intent) => stockroom.transfer(command, intent),
  }),
  swap: verb({
    summary: 'Exchange two reservations, or a reserved and an active label',
    role: 'operate',
    command: swapCommand,
    answer: swapAnswer,
    outcomes: PRECEDENCE.swap,
    run: (stockroom, command, intent) => stockroom.swap(command, intent),
  }),
  cancelOrder: verb({
    summary: 'Cancel an order and free its labels',
    role: 'operate',
    command: endCommand,
    answer: endAnswer,
    outcomes: PRECEDENCE.cancel,
    run: (stockroom, command, intent) => stockroom.cancelOrder(command, intent),
  }),
  closeOrder: verb({
    summary: 'Close an order and free its labels',
    role: 'operate',
    command: endCommand,
    answer: endAnswer,
    outcomes: PRECEDENCE.close,
    run: (stockroom, command, intent) => stockroom.closeOrder(command, intent),
  }),
  undo: verb({
    summary: 'Take an operation or a group of them back',
    role: 'operate',
    command: undoCommand,
    answer: undoAnswer,
    outcomes: PRECEDENCE.undo,
    run: (stockroom, command, intent) => stockroom.undo(command, intent),
  }),
  repair: verb({
    summary: 'Free and put back what diagnose finds',
    role: 'operate',
    command: repairCommand,
    answer: repairAnswer,
    outcomes: PRECEDENCE.diagnose,
    run: (stockroom, command, intent) => stockroom.repair(command, intent),
  }),
};

export function verbRoutes(served: Served): Route[] {
  const names = Object.keys(VERB_PATHS) as (keyof typeof VERB_PATHS)[];
  return names.map((name) => VERBS[name](name, VERB_PATHS[name], served));
}

function verb<C, A extends Envelope>(spec: Verb<C, A>): MakeRoute {
  return (name, path, { stockroom, metrics }) => {
    const request = verbRequest(spec.command, `${capital(name)}Request`);
    return {
      role: spec.role,
      definition: {
        method: 'post',
        path,
        operationId: name,
        summary: spec.summary,
        tags: ['verbs'],
        request: {
          headers: operationHeaders,
          body: { required: true, content: { [MEDIA.json]: { schema: request } } },
        },
        responses: {
          200: {
            description: `Done, or so already: ${outcomesWith(spec.outcomes, 200)}.`,
            content: { [MEDIA.json]: { schema: spec.answer } },
          },
          ...refusals(spec, name),
          ...WRONG_BODY,
        },
      },
      async handle(context) {
        const { command, reason, dryRun, timeout } = await readBody(context, request);
        const operation = readOperationId(context, dryRun === true);
        const { actor } = context.get('caller');
        const noted = context.get('noted');
        noted.operation = operation;
        let answer: A;
        try {
          answer = await spec.run(stockroom, command as C, { operation, actor, reason, dryRun, timeout });
        } catch (error) {
          metrics.operation(name, error instanceof Fault ? error.code : 'unexpected');
          throw error;
        }
        noted.code = answer.code;
        if (dryRun !== true) metrics.operation(name, answer.code);
        if (answer.ok) return context.json(answer);
        const refused: RefusedProblem<A> = { ...refusalProblem(answer.code, answer.refusals), answer };
        return problemResponse(refused);
      },
    };
  };
}

/** A response for each status that a refusal of the verb can have. */
function refusals<C, A extends Envelope>({ outcomes, answer }: Verb<C, A>, name: string) {
  const schema = refusedProblem(answer, `${capital(name)}Refused`);
  const statuses = new Set(outcomes.map((code) => OUTCOMES[code].http).filter((status) => status !== 200));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const description = `Refused, nothing was done: ${outcomesWith(outcomes, status)}.`;
      return [status, { description, content: { [MEDIA.problem]: { schema } } }];
    }),
  );
}

function outcomesWith(outcomes: readonly OutcomeCode[], status: number): string {
  const codes = outcomes.filter((code) => OUTCOMES[code].http === status);
  return codes.map((code) => `\`${code}\``).join(', ');
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
