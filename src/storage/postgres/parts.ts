/** Statements put together from the parts that have something to do; each combination is prepared under its own name. */

export interface Part<From> {
  readonly name: string;
  /** Its parameters are numbered from $1. */
  readonly sql: string;
  /** The parameters; undefined if there is nothing to do. */
  readonly values: (from: From) => readonly unknown[] | undefined;
}

export interface Chosen {
  readonly name: string;
  /** With its parameters numbered as in the whole statement. */
  readonly sql: string;
}

/** The parts that have something to do; their parameters are added to `values`. */
export function chosenParts<From>(parts: readonly Part<From>[], from: From, values: unknown[]): Chosen[] {
  return parts.flatMap(({ name, sql, values: valuesOf }) => {
    const own = valuesOf(from);
    if (own === undefined) return [];
    const before = values.length;
    values.push(...own);
    return [{ name, sql: sql.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + before}`) }];
  });
}
