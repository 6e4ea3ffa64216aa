import { type ColumnOptions, type Columns, recognize } from '../../core/index.ts';
import type { ImportKind } from '../../core/index.ts';
import type { BatchCollector, RowSink } from './batch.ts';
import { type RecordTaker, recordTaker } from './record-taker.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** How objects with the same names are read. */
interface Shape {
  readonly names: readonly string[];
  readonly kinds: readonly ImportKind[];
  readonly take: RecordTaker;
  /** Where an order's number stands, for its nested lines. */
  readonly orderAt: number;
}

/** Objects of one file mostly have the same names; this many different sets are remembered. */
const MOST_SHAPES = 500;
/** Names the column of a nested line that its order's number is put into. */
const ORDER_OF_LINE = '(order)';

/** Reads JSON objects into rows. What they hold is told by the names in the first one, and then is the same for all. */
export class ObjectTaker {
  readonly #collector: BatchCollector;
  readonly #options: ColumnOptions;
  readonly #shapes = new Map<string, Shape>();
  #kinds: readonly ImportKind[] | undefined;

  constructor(collector: BatchCollector, options: ColumnOptions) {
    this.#collector = collector;
    this.#options = options;
    if (options.kind !== undefined) this.#kinds = [options.kind];
  }

  /** Takes one object; false when its names don't tell what the file holds, so that no other can be read either. */
  take(value: unknown, line: number): boolean {
    if (!isObject(value)) {
      this.#collector.refuse(
        line,
        null,
        `${isList(value) ? 'a list' : 'a bare value'} stands where an object should`,
      );
      return true;
    }
    const nested = isList(value.lines) ? value.lines : undefined;
    const names = Object.keys(value).filter((name) => nested === undefined || name !== 'lines');
    const shape = this.#shapeOf(
      names,
      nested === undefined ? this.#kinds : (this.#kinds ?? ['orders']),
      line,
    );
    if (shape === undefined) return this.#kinds !== undefined;
    this.#kinds ??= shape.kinds;
    shape.take(
      shape.names.map((name) => value[name]),
      line,
    );
    if (nested !== undefined) this.#takeNested(nested, shape, value, line);
    return true;
  }

  #takeNested(lines: readonly unknown[], shape: Shape, order: JsonObject, line: number): void {
    if (!shape.kinds.includes('orders')) {
      this.#collector.ignore(['lines']);
      return;
    }
    const number = order[shape.names[shape.orderAt] ?? ''];
    for (const each of lines) {
      if (!isObject(each)) {
        this.#collector.refuse(line, 'lines', 'lines holds something that is not an object');
        continue;
      }
      const names = [ORDER_OF_LINE, ...Object.keys(each)];
      const inner = this.#shapeOf(names, ['lines'], line);
      inner?.take(
        inner.names.map((name) => (name === ORDER_OF_LINE ? number : each[name])),
        line,
      );
    }
  }

  #shapeOf(
    names: readonly string[],
    kinds: readonly ImportKind[] | undefined,
    line: number,
  ): Shape | undefined {
    const key = [kinds?.join('+') ?? '', ...names].join('\n');
    const known = this.#shapes.get(key);
    if (known !== undefined) return known;
    const nested = names[0] === ORDER_OF_LINE;
    const kind = kinds?.length === 1 ? kinds[0] : undefined;
    const map = nested
      ? new Map([...(this.#options.map ?? []), [ORDER_OF_LINE, 'lines.order']])
      : this.#options.map;
    const columns: Columns | { readonly problem: string } = recognize(names, { kind, map });
    if ('problem' in columns) {
      this.#collector.refuse(line, null, columns.problem);
      return undefined;
    }
    this.#collector.ignore(columns.ignored);
    const shape: Shape = {
      names,
      kinds: columns.readings.map((reading) => reading.kind),
      take: recordTaker(columns.readings, names, nested ? this.#nestedSink() : this.#collector),
      orderAt: columns.readings.find((reading) => reading.kind === 'orders')?.fields.indexOf('number') ?? -1,
    };
    if (this.#shapes.size < MOST_SHAPES) this.#shapes.set(key, shape);
    return shape;
  }

  /** A bad order number is told once, at the order, and not at its lines again. */
  #nestedSink(): RowSink {
    const collector = this.#collector;
    return {
      file: collector.file,
      add: (row) => collector.add(row),
      refuse: (row, column, reason) => {
        if (column !== ORDER_OF_LINE) collector.refuse(row, column, reason);
      },
    };
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
