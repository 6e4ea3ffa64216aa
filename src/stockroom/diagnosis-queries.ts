/** What can be asked of `diagnose`, and of `diagnose --fix`. */
import type { CheckName } from '../core/index.ts';
import type { Ref } from './stockroom.ts';

interface Diagnosing {
  /** Orders and labels to look at, with what competes with them; absent for everything. */
  readonly refs?: readonly Ref[];
  /** Absent for all. */
  readonly checks?: readonly CheckName[];
  /** After how many milliseconds without an event an order counts as forgotten. */
  readonly stale: number;
}

export interface DiagnoseQuery extends Diagnosing {
  /** Names what the fixes that are offered are done as: `OPERATION/1`, `OPERATION/2` and so on. */
  readonly operation: string;
  /** Leave out what takes the database long and is done beside it; a server says so of itself. */
  readonly remote?: boolean;
}

export interface RepairCommand extends Diagnosing {
  /** Put notices right, too. */
  readonly strict?: boolean;
  /** The `plan` of an earlier dry run: do exactly that, or refuse. */
  readonly plan?: string;
}

export interface BundleQuery extends DiagnoseQuery {
  /** Leave customers' names as they are. */
  readonly withCustomers?: boolean;
}
