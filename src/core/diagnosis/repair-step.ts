/** What `diagnose --fix` does, step by step, as it is shown, asked about, and then done exactly so. */
import type { Fields } from '../changes.ts';
import type { CheckName } from './checks.ts';

export type RepairStep =
  /** A label is freed from the order that holds it. */
  | {
      readonly do: 'free';
      readonly because: CheckName;
      readonly label: string;
      readonly order: string;
      readonly line: number;
      readonly since: string;
    }
  /** Who holds a label is put back to what history says; null for nobody. */
  | {
      readonly do: 'put_back_holder';
      readonly because: CheckName;
      readonly label: string;
      readonly found: Fields | null;
      readonly said: Fields | null;
    }
  /** Fields of a row are put back to what history says. */
  | {
      readonly do: 'put_back';
      readonly because: CheckName;
      readonly thing: RepairThing;
      readonly found: Fields;
      readonly said: Fields;
    }
  /** History has a gap that nothing can fill; it is written down that what is there counts from here on. */
  | {
      readonly do: 'accept';
      readonly because: CheckName;
      readonly thing: RepairThing;
      /** `holder`, or the field. */
      readonly field: string;
    };

/** One row: a label, an order, a line of an order, or an item. */
export type RepairThing =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'order'; readonly order: string }
  | { readonly kind: 'line'; readonly order: string; readonly line: number }
  | { readonly kind: 'item'; readonly item: string };
