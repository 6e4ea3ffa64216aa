/** `diagnose --bundle`: what a colleague needs to look into a few orders and labels elsewhere, as plain rows. */
import type { DiagnoseAnswer, FindingDocument, Refusal } from '../core/index.ts';
import { type DiagnosisOccasion, diagnose, scopeOf } from './diagnose.ts';
import type { BundleQuery } from './diagnosis-queries.ts';
import type { BundleTable, DiagnosisScope } from './diagnosis-store.ts';
import { Hider, namesInHistory } from './hide-customers.ts';
import type { Ledger } from './ledger.ts';

export interface Bundle {
  /** Why there is nothing in it, or null. */
  readonly refusal: Refusal | null;
  readonly diagnosis: DiagnoseAnswer;
  /** What it is about; other rows are there because these refer to them. */
  readonly about: DiagnosisScope;
  /** Versions, and where the data was; no secrets. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tables: readonly BundleTable[];
}

const NOTHING: DiagnosisScope = { orders: [], labels: [] };
/** Most findings in a bundle, each with its orders and labels. */
const MOST_FOUND = 50;

/** Without names it is about what the diagnosis finds. */
export async function bundle(
  ledger: Ledger,
  query: BundleQuery,
  occasion: DiagnosisOccasion,
): Promise<Bundle> {
  const found = await diagnose(ledger, query, occasion);
  // Of more nobody could say whose names stand in them, because their orders do not come along.
  const diagnosis = { ...found, findings: found.findings.slice(0, MOST_FOUND) };
  const named = await scopeOf(ledger, query.refs, occasion.deadline);
  if (named !== undefined && 'code' in named) {
    return { refusal: named, diagnosis, about: NOTHING, settings: {}, tables: [] };
  }
  const about = together(named ?? NOTHING, mentioned(diagnosis.findings));
  const store = await ledger.diagnosis();
  try {
    const { tables, customers, settings } = await store.bundle(about);
    if (query.withCustomers === true) return { refusal: null, diagnosis, about, settings, tables };
    const hider = new Hider(customers, namesInHistory(tables, diagnosis));
    const hidden = tables.map((table) => hider.table(table));
    return { refusal: null, diagnosis: hider.diagnosis(diagnosis), about, settings, tables: hidden };
  } finally {
    await store.close();
  }
}

/** The orders and labels that findings are about, hold stock by, or would help. */
function mentioned(findings: readonly FindingDocument[]): DiagnosisScope {
  const orders = findings.flatMap(({ thing, labels, short }) => [
    ...(thing.order === null ? [] : [thing.order]),
    ...labels.map(({ order }) => order),
    ...short.map(({ order }) => order),
  ]);
  const labels = findings.flatMap(({ thing, labels: held }) => [
    ...(thing.label === null ? [] : [thing.label]),
    ...held.map(({ label }) => label),
  ]);
  return { orders, labels };
}

function together(a: DiagnosisScope, b: DiagnosisScope): DiagnosisScope {
  return {
    orders: [...new Set([...a.orders, ...b.orders])],
    labels: [...new Set([...a.labels, ...b.labels])],
  };
}
