/** What `diagnose` reads: the part of the seam to storage that it needs besides the ledger. */
import type {
  EndedOrderFacts,
  ItemFacts,
  LostReference,
  PlaceFacts,
  RuleBreach,
  SchemaDifference,
  UnfinishedImport,
} from '../core/index.ts';

/** Orders and labels by their numbers; what has to do with none of them is not looked at. */
export interface DiagnosisScope {
  readonly orders: readonly string[];
  readonly labels: readonly string[];
}

export type BundleValue = string | number | null;

/** Rows of one of the ledger's tables, with the names of their columns. */
export interface BundleTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly BundleValue[])[];
}

/** Rows as they are stored, with all that they refer to. */
export interface BundleRows {
  /** Each after those that it refers to. */
  readonly tables: readonly BundleTable[];
  /** The customers that they name, each with a number that is always the same and says nothing of the name. */
  readonly customers: ReadonlyMap<string, number>;
  /** Versions, and where the data is; no secrets. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Each reads a moment of its own. Without a scope it is about everything. Closes with the ledger, or by itself. */
export interface DiagnosisStore {
  /** Items of which labels are held by live orders, with all that compete for them, in batches. */
  items(scope: DiagnosisScope | undefined, today: string): AsyncIterable<readonly ItemFacts[]>;
  endedOrders(scope: DiagnosisScope | undefined): AsyncIterable<readonly EndedOrderFacts[]>;
  /** The labels that the orders hold, or held at any time. */
  labelsOf(orders: readonly string[]): Promise<readonly string[]>;
  /** Rows that earmark itself would not have written; the first of each kind. */
  ruleBreaches(scope: DiagnosisScope | undefined): Promise<readonly RuleBreach[]>;
  unfinishedImports(): Promise<readonly UnfinishedImport[]>;
  /** The operation with the latest time. */
  latestOperation(): Promise<{ readonly at: number; readonly operation: string } | null>;

  /** What the database finds wrong with itself, in its own words. */
  integrity(): Promise<readonly string[]>;
  lostReferences(): Promise<readonly LostReference[]>;
  /** What differs between its tables and those that this earmark makes. */
  schemaDifferences(): Promise<readonly SchemaDifference[]>;
  /** Where the data lies; null where that is another machine's business. */
  place(): Promise<PlaceFacts | null>;
  /** The clock of the database, where it has its own. */
  clock(): Promise<{ readonly whose: string; readonly now: number } | null>;

  /** What a bundle is about, where the database is one. */
  bundled(): Promise<DiagnosisScope | undefined>;
  /** The rows of orders and labels. */
  bundle(about: DiagnosisScope): Promise<BundleRows>;

  close(): Promise<void>;
}
