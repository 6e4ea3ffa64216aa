/** The schemas of the server mirror the core's types: checked by the compiler, in both directions. */
import { expect, it } from 'vitest';
import type { z } from '@hono/zod-openapi';
import type * as core from '../../src/core/index.ts';
import type * as answers from '../../src/http/server/schemas/answers.ts';
import type * as commands from '../../src/http/server/schemas/commands.ts';
import type * as diagnosis from '../../src/http/server/schemas/diagnosis.ts';
import type * as documents from '../../src/http/server/schemas/documents.ts';
import type * as history from '../../src/http/server/schemas/history.ts';
import type * as imports from '../../src/http/server/schemas/imports.ts';
import type * as problems from '../../src/http/server/schemas/problems.ts';
import type * as queries from '../../src/http/server/schemas/queries.ts';
import type * as refusals from '../../src/http/server/schemas/refusals.ts';
import type * as requests from '../../src/http/server/schemas/requests.ts';
import type * as views from '../../src/http/server/schemas/views.ts';
import type * as wire from '../../src/http/wire.ts';
import type * as asked from '../../src/stockroom/queries.ts';
import type * as stockroom from '../../src/stockroom/stockroom.ts';

/** A type without `readonly` and with its parts spelt out, so that only what JSON could show makes a difference. */
type Plain<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer E)[]
    ? Plain<E>[]
    : { -readonly [K in keyof T]: Plain<T[K]> };

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Mirrors<S extends z.ZodType, T> = Same<Plain<z.output<S>>, Plain<T>>;
type Fields<S extends z.ZodType> = keyof z.output<S>;

/** Everything in the tuple is `true`, or this does not compile. */
type All<T extends readonly true[]> = T;

type Commands = All<
  [
    Mirrors<typeof commands.reserveCommand, core.ReserveCommand>,
    Mirrors<typeof commands.autoReserveCommand, core.AutoReserveCommand>,
    Mirrors<typeof commands.unreserveCommand, core.UnreserveCommand>,
    Mirrors<typeof commands.shipCommand, core.ShipCommand>,
    Mirrors<typeof commands.transferCommand, core.TransferCommand>,
    Mirrors<typeof commands.swapCommand, core.SwapCommand>,
    Mirrors<typeof commands.endCommand, core.EndCommand>,
    Mirrors<typeof commands.undoCommand, core.UndoCommand>,
    Mirrors<typeof diagnosis.repairCommand, stockroom.RepairCommand>,
    Mirrors<typeof diagnosis.diagnoseQuery, stockroom.DiagnoseQuery>,
    Mirrors<typeof diagnosis.bundleQuery, stockroom.BundleQuery>,
    Mirrors<typeof commands.suggestQuery, stockroom.SuggestQuery>,
    Mirrors<typeof views.refParameters, stockroom.Ref>,
    Mirrors<
      ReturnType<typeof requests.verbRequest<typeof commands.shipCommand>>,
      wire.VerbRequest<core.ShipCommand>
    >,
    Mirrors<typeof requests.importRequest, wire.ImportRequest>,
  ]
>;

type Documents = All<
  [
    Mirrors<typeof documents.labelDocument, core.LabelDocument>,
    Mirrors<typeof documents.lineDocument, core.LineDocument>,
    Mirrors<typeof documents.orderDocument, core.OrderDocument>,
    Mirrors<typeof documents.orderSummary, asked.OrderSummary>,
    Mirrors<typeof documents.shipmentDocument, core.ShipmentDocument>,
    Mirrors<typeof documents.reservationDocument, core.ReservationDocument>,
    Mirrors<typeof refusals.refusal, core.Refusal>,
    Mirrors<typeof refusals.outcomeCode, core.OutcomeCode>,
    Mirrors<typeof answers.reserveAnswer, core.ReserveAnswer>,
    Mirrors<typeof answers.unreserveAnswer, core.UnreserveAnswer>,
    Mirrors<typeof answers.shipAnswer, core.ShipAnswer>,
    Mirrors<typeof answers.transferAnswer, core.TransferAnswer>,
    Mirrors<typeof answers.swapAnswer, core.SwapAnswer>,
    Mirrors<typeof answers.endAnswer, core.EndAnswer>,
    Mirrors<typeof answers.undoAnswer, core.UndoAnswer>,
    Mirrors<typeof diagnosis.repairAnswer, core.RepairAnswer>,
    Mirrors<typeof diagnosis.diagnoseAnswer, core.DiagnoseAnswer>,
    Mirrors<typeof diagnosis.bundle, stockroom.Bundle>,
    Mirrors<typeof answers.findAnswer, core.FindAnswer>,
    Mirrors<typeof views.view, stockroom.View>,
    Mirrors<typeof views.eventDocument, stockroom.EventDocument>,
    Mirrors<typeof history.namedSubject, stockroom.NamedSubject>,
    Mirrors<typeof history.historyProof, stockroom.HistoryProof>,
    Mirrors<typeof history.historyPage, wire.WireHistoryPage>,
    Mirrors<typeof history.historyEnd, wire.HistoryEnd>,
    Mirrors<typeof views.suggestion, stockroom.Suggestion>,
    Mirrors<typeof problems.problemDocument, core.Problem>,
    Mirrors<
      ReturnType<typeof problems.refusedProblem<typeof answers.shipAnswer>>,
      wire.RefusedProblem<core.ShipAnswer>
    >,
    Mirrors<ReturnType<typeof queries.page<typeof documents.labelDocument>>, wire.Page<core.LabelDocument>>,
  ]
>;

type Imports = All<
  [
    Mirrors<typeof imports.importOptions, stockroom.ImportOptions>,
    Mirrors<typeof imports.importLine, wire.ImportLine>,
    Mirrors<typeof imports.importAnswer, stockroom.ImportAnswer>,
    Mirrors<typeof imports.importState, wire.ImportState>,
  ]
>;

/** The lists' parameters: every field of the query has one, and a page has its cursor for `after`. */
type Parameters<Q> = Exclude<keyof Q, 'after'> | 'cursor';
type Queries = All<
  [
    Same<Exclude<Fields<typeof queries.labelParameters>, 'expiredOn'>, Parameters<asked.LabelQuery>>,
    Same<Fields<typeof queries.orderParameters>, Parameters<asked.OrderQuery>>,
    Same<Fields<typeof queries.reservationParameters>, Parameters<asked.ReservationQuery>>,
    Same<Fields<typeof queries.shipmentParameters>, Parameters<asked.ShipmentQuery>>,
    Same<Fields<typeof history.historyParameters>, Exclude<keyof asked.HistoryQuery, 'of'> | 'kind' | 'name'>,
  ]
>;

it('the schemas mirror the types of the core, the Stockroom and the wire', () => {
  const checked: [Commands, Documents, Imports, Queries] | undefined = undefined;
  expect(checked).toBeUndefined();
});
