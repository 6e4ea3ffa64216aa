/** What can be asked of the rules. Keys are canonical (`parseKey`); labels may be named by number or scan code. */
import type { Strategy } from './selection.ts';

/** A label by number or scan code; with the line that it is for where the command's own `line` does not say so. */
export type LabelChoice = string | { readonly label: string; readonly line: number };

export interface ReserveCommand {
  readonly order: string;
  readonly labels: readonly LabelChoice[];
  readonly line?: number;
  readonly keepGoing?: boolean;
}

/** Reserve labels that cover what the order, or its one line, is short of. */
export interface AutoReserveCommand {
  readonly order: string;
  readonly line?: number;
  readonly strategy: Strategy;
  /** Reserve what there is where stock doesn't suffice. */
  readonly keepGoing?: boolean;
}

/** A label to free, by number or scan code; with the order that was seen to hold it, if it must be that one still. */
export type FreeChoice = string | { readonly label: string; readonly expectOrder: string };

export interface UnreserveCommand {
  /**
   * Labels to free, or an order (with or without a line) whose labels are all freed; `plan` are the labels that it was
   * seen to hold, if it must be exactly those still.
   */
  readonly target:
    | { readonly labels: readonly FreeChoice[] }
    | { readonly order: string; readonly line?: number; readonly plan?: readonly string[] };
  /** Refuse labels that another order holds (rule 8). */
  readonly expectOrder?: string;
  readonly keepGoing?: boolean;
}

export interface ShipCommand {
  readonly order: string;
  /** Active labels to draw from after the reserved ones. */
  readonly from?: readonly string[];
  readonly partial?: boolean;
  readonly allowExpired?: boolean;
  /** The `plan` of an earlier dry run: ship exactly that, or refuse. */
  readonly plan?: string;
}

export interface TransferCommand {
  readonly labels: readonly FreeChoice[];
  /** The order that gets them; without a line, each goes to its item's one line with something outstanding. */
  readonly to: { readonly order: string; readonly line?: number };
  /** Refuse labels that another order holds. */
  readonly expectOrder?: string;
  readonly keepGoing?: boolean;
  /** The `plan` of an earlier dry run: do exactly that, or refuse. */
  readonly plan?: string;
}

export interface SwapCommand {
  readonly labels: readonly [string, string];
  /** Refuse a label that an order holds which is none of these. */
  readonly expectOrders?: readonly string[];
  readonly plan?: string;
}

/** `cancel` or `close`. */
export interface EndCommand {
  readonly order: string;
  readonly plan?: string;
}

export interface UndoCommand {
  /** The id of an operation, or of a group whose operations are `GROUP/n`. */
  readonly operation: string;
  /** Leave labels alone that another order holds now. */
  readonly expectOrder?: string;
  readonly plan?: string;
}

/** The text that a choice names its label by. */
export function labelOf(choice: LabelChoice | FreeChoice): string {
  return typeof choice === 'string' ? choice : choice.label;
}

/** When and by whom a command is decided; given from outside, so that deciding is pure. */
export interface Occasion {
  /** Milliseconds since 1970, UTC. */
  readonly now: number;
  /** The calendar date on which expiry is judged. */
  readonly today: string;
  readonly operation: string;
  readonly by: string;
  readonly reason: string | null;
  readonly dryRun: boolean;
}
