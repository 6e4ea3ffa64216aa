/** Looking for what keeps stock from where it is needed, and for what is wrong with the data. */
import {
  type CheckName,
  CHECKS,
  clockFindings,
  competition,
  constraintFinding,
  diskFindings,
  type DiagnoseAnswer,
  DiagnosisReport,
  endedOrder,
  expiredHolds,
  type Finding,
  historyFinding,
  importFinding,
  integrityFinding,
  type Judging,
  plainFinding,
  referenceFinding,
  refusedDiagnosis,
  type Refusal,
  ruleFinding,
  writableFindings,
} from '../core/index.ts';
import type { DiagnoseQuery } from './diagnosis-queries.ts';
import type { DiagnosisScope, DiagnosisStore } from './diagnosis-store.ts';
import { Fault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import type { Ref } from './stockroom.ts';

/** When a diagnosis happens, and how long its reads wait for locks. */
export interface DiagnosisOccasion extends Pick<Judging, 'now' | 'today'> {
  readonly deadline: number;
}

export async function diagnose(
  ledger: Ledger,
  query: DiagnoseQuery,
  occasion: DiagnosisOccasion,
): Promise<DiagnoseAnswer> {
  const scope = await scopeOf(ledger, query.refs, occasion.deadline);
  if (scope !== undefined && 'code' in scope) return refusedDiagnosis(scope, occasion.now);
  const report = await inspect(ledger, query, scope, occasion);
  return report.answer(query.operation, occasion.now);
}

/** The orders and labels that are named; or why that can't be. */
export async function scopeOf(
  ledger: Ledger,
  refs: readonly Ref[] | undefined,
  deadline: number,
): Promise<DiagnosisScope | Refusal | undefined> {
  if (refs === undefined || refs.length === 0) return undefined;
  const names = (kind: 'order' | 'label') => {
    return refs.filter((ref) => ref.kind === undefined || ref.kind === kind).map(({ name }) => name);
  };
  const snapshot = await ledger.snapshot({ orders: names('order'), labels: names('label') }, deadline);
  const orders = new Set<string>();
  const labels = new Set<string>();
  for (const { kind, name } of refs) {
    const order = kind === 'label' ? undefined : snapshot.orders?.get(name);
    const label = kind === 'order' ? undefined : snapshot.labels.get(name);
    if (order !== undefined && label !== undefined) {
      return { code: 'ref_ambiguous', ref: name, kinds: ['order', 'label'] };
    }
    if (order !== undefined) orders.add(order.number);
    else if (label !== undefined) labels.add(label.label.number);
    else return notFound(kind, name, snapshot.near.get(name) ?? []);
  }
  return { orders: [...orders], labels: [...labels] };
}

function notFound(kind: Ref['kind'], name: string, near: readonly string[]): Refusal {
  if (kind === 'order') return { code: 'order_not_found', order: name, near };
  if (kind === 'label') return { code: 'label_not_found', label: name, near };
  return { code: 'ref_not_found', ref: name, near };
}

export type Inspecting = Pick<DiagnoseQuery, 'checks' | 'stale' | 'remote'>;

/** Makes every check that is wanted. One that can't be made says why, and the others are made all the same. */
export async function inspect(
  ledger: Ledger,
  query: Inspecting,
  scope: DiagnosisScope | undefined,
  occasion: DiagnosisOccasion,
): Promise<DiagnosisReport> {
  const report = new DiagnosisReport(query.checks);
  const store = await ledger.diagnosis();
  try {
    const about = { named: scope, scope: scope ?? (await store.bundled()) };
    const inspection = new Inspection(ledger, store, query, about, occasion, report);
    await inspection.stock();
    await inspection.history();
    await inspection.database();
    await inspection.place();
    return report;
  } finally {
    await store.close();
  }
}

const STOCK = (Object.keys(CHECKS) as CheckName[]).filter((check) => CHECKS[check].group === 'stock');
const COMPETING = STOCK.filter((check) => check !== 'ended-order-holds');
/** What takes long in a large database and says nothing of single orders and labels. */
const WHOLE = ['integrity', 'foreign-keys', 'constraints'] as const;

class Inspection {
  readonly #ledger: Ledger;
  readonly #store: DiagnosisStore;
  readonly #query: Inspecting;
  /** What is named; or what the database is about, if it is a bundle. */
  readonly #scope: DiagnosisScope | undefined;
  readonly #isNamed: boolean;
  readonly #judging: Judging;
  readonly #report: DiagnosisReport;

  constructor(
    ledger: Ledger,
    store: DiagnosisStore,
    query: Inspecting,
    about: { readonly named: DiagnosisScope | undefined; readonly scope: DiagnosisScope | undefined },
    { now, today }: DiagnosisOccasion,
    report: DiagnosisReport,
  ) {
    this.#ledger = ledger;
    this.#store = store;
    this.#query = query;
    this.#scope = about.scope;
    this.#isNamed = about.named !== undefined;
    this.#judging = { now, today, stale: query.stale };
    this.#report = report;
  }

  async stock(): Promise<void> {
    await this.#make(['ended-order-holds'], async () => {
      for await (const orders of this.#store.endedOrders(this.#scope)) {
        this.#report.add(orders.map(endedOrder));
      }
    });
    await this.#make(COMPETING, async () => {
      for await (const items of this.#store.items(this.#scope, this.#judging.today)) {
        for (const item of items) {
          this.#add([...expiredHolds(item, this.#judging), ...competition(item, this.#judging)]);
        }
      }
    });
  }

  async history(): Promise<void> {
    await this.#make(['history-state', 'history-chain'], async () => {
      for await (const problems of this.#ledger.history.problems(await this.#withLabels())) {
        this.#report.add(problems.map(historyFinding));
      }
    });
  }

  /** What an order held or holds has to do with it, too. */
  async #withLabels(): Promise<DiagnosisScope | undefined> {
    if (this.#scope === undefined) return undefined;
    const { orders, labels } = this.#scope;
    return { orders, labels: [...new Set([...labels, ...(await this.#store.labelsOf(orders))])] };
  }

  async database(): Promise<void> {
    const store = this.#store;
    await this.#make(['rules'], async () => {
      this.#report.add((await store.ruleBreaches(this.#scope)).map(ruleFinding));
    });
    await this.#make(['unfinished-import'], async () => {
      if (this.#scope === undefined) this.#report.add((await store.unfinishedImports()).map(importFinding));
    });
    const why = this.#whyNotWhole();
    if (why !== undefined) {
      for (const check of WHOLE) if (this.#leavesOut(check)) this.#report.notRun(check, why);
    }
    const whole = async (check: (typeof WHOLE)[number], look: () => Promise<Finding[]>) => {
      if (!this.#leavesOut(check)) await this.#make([check], async () => this.#report.add(await look()));
    };
    await whole('integrity', async () => (await store.integrity()).map(integrityFinding));
    await whole('foreign-keys', async () => (await store.lostReferences()).map(referenceFinding));
    await whole('constraints', async () => (await store.schemaDifferences()).map(constraintFinding));
  }

  async place(): Promise<void> {
    await this.#make(['clock'], async () => {
      const latest = await this.#store.latestOperation();
      this.#report.add(clockFindings(this.#judging.now, latest, await this.#store.clock()));
    });
    await this.#make(['writable', 'disk-space'], async () => {
      const place = await this.#store.place();
      if (place !== null) this.#report.add([...writableFindings(place), ...diskFindings(place)]);
      else {
        for (const check of ['writable', 'disk-space'] as const) {
          this.#report.notRun(check, 'the database is kept by a server of its own');
        }
      }
    });
  }

  #whyNotWhole(): string | undefined {
    if (this.#isNamed) return 'it looks at the whole database; run diagnose without names';
    return this.#query.remote === true
      ? 'it is made beside the database, and not through a server'
      : undefined;
  }

  /** Through a server never; for single things only if it is asked for by name. */
  #leavesOut(check: CheckName): boolean {
    if (this.#query.remote === true) return true;
    return this.#isNamed && this.#query.checks?.includes(check) !== true;
  }

  /** With a scope, only what has to do with what is named: it holds, could give, or would get. */
  #add(findings: readonly Finding[]): void {
    const scope = this.#scope;
    if (scope === undefined) this.#report.add(findings);
    else this.#report.add(findings.filter((finding) => concerns(finding, scope)));
  }

  async #make(checks: readonly CheckName[], look: () => Promise<void>): Promise<void> {
    if (!checks.some((check) => this.#report.wants(check))) return;
    try {
      await look();
    } catch (error) {
      const reason = databaseReason(error);
      if (reason === undefined) throw error;
      for (const check of checks) this.#report.notRun(check, reason);
      // However few checks were asked for: that one of them could not be made must not look like health.
      this.#report.insist(plainFinding('database', `the data can not be read as it should: ${reason}`));
    }
  }
}

/** A wire that breaks, or a bug, is no finding, and undefined here; what the database says of itself keeps one check from being made. */
function databaseReason(error: unknown): string | undefined {
  if (error instanceof Fault) {
    return ['not_a_database', 'busy', 'disk_full', 'read_only'].includes(error.code)
      ? error.message
      : undefined;
  }
  // Errors of both databases carry a code of theirs: a table that somebody has dropped, say.
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.message
    : undefined;
}

function concerns({ thing, labels, short }: Finding, scope: DiagnosisScope): boolean {
  return (
    (thing.order !== null && scope.orders.includes(thing.order)) ||
    short.some(({ order }) => scope.orders.includes(order)) ||
    labels.some(({ label, order }) => scope.labels.includes(label) || scope.orders.includes(order))
  );
}
