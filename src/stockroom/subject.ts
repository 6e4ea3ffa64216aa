/** What a REF names. */
import { type LabelState, type OrderState, type Refusal, SCHEMA_VERSION } from '../core/index.ts';
import type { Ledger, RecordedOperation } from './ledger.ts';
import type { HistorySubject } from './queries.ts';
import { type NamedSubject, REF_KINDS, type Ref, type RefKind } from './stockroom.ts';

/** What was found, or why nothing was. */
export type Found =
  | { readonly kind: 'order'; readonly order: OrderState; readonly held: readonly LabelState[] }
  | { readonly kind: 'label'; readonly label: LabelState }
  | { readonly kind: 'operation'; readonly operation: RecordedOperation }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Looks a bare name up among orders, labels and operations; it must be that of one of them only. */
export async function lookUp(ledger: Ledger, ref: Ref, deadline: number): Promise<Found> {
  const kinds = ref.kind === undefined ? REF_KINDS : [ref.kind];
  const { name } = ref;
  const scope = {
    ...(kinds.includes('order') ? { order: name, held: true } : {}),
    ...(kinds.includes('label') ? { labels: [name] } : {}),
  };
  const { order, held, labels, near } = await ledger.snapshot(scope, deadline);
  const label = labels.get(name) ?? null;
  const operation = kinds.includes('operation') ? await ledger.operation(name) : null;
  const found = REF_KINDS.filter((kind) => ({ order, label, operation })[kind] !== null);
  if (found.length > 1) return refused({ code: 'ref_ambiguous', ref: name, kinds: found });
  if (order !== null) return { kind: 'order', order, held };
  if (label !== null) return { kind: 'label', label };
  if (operation !== null) return { kind: 'operation', operation };
  return refused(notFound(ref.kind, name, near.get(name) ?? []));
}

/** What history is asked about by a REF; the id of a group stands for all its operations. */
export async function subjectOf(ledger: Ledger, ref: Ref, deadline: number): Promise<NamedSubject> {
  const found = await lookUp(ledger, ref, deadline);
  switch (found.kind) {
    case 'order':
      return named({ kind: 'order', name: found.order.number });
    case 'label':
      return named({ kind: 'label', name: found.label.label.number });
    case 'operation':
      return named({ kind: 'operation', name: found.operation.id });
    case 'refused':
      if (found.refusal.code !== 'ref_ambiguous' && (await isGroup(ledger, ref))) {
        return named({ kind: 'operation', name: ref.name });
      }
      return { schemaVersion: SCHEMA_VERSION, ...found };
  }
}

function named(subject: HistorySubject): NamedSubject {
  return { schemaVersion: SCHEMA_VERSION, kind: 'found', subject };
}

async function isGroup(ledger: Ledger, { kind, name }: Ref): Promise<boolean> {
  if (kind !== undefined && kind !== 'operation') return false;
  const of = { kind: 'operation', name } as const;
  for await (const _ of ledger.history.events({ of, limit: 1 })) return true;
  return false;
}

function refused(refusal: Refusal): Found {
  return { kind: 'refused', refusal };
}

function notFound(kind: RefKind | undefined, name: string, near: readonly string[]): Refusal {
  switch (kind) {
    case 'order':
      return { code: 'order_not_found', order: name, near };
    case 'label':
      return { code: 'label_not_found', label: name, near };
    case 'operation':
      return { code: 'operation_not_found', operation: name };
    case undefined:
      return { code: 'ref_not_found', ref: name, near };
  }
}
