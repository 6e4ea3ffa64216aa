/** Statements put together from the parts that have something to do; each combination is prepared under its own name. */

export interface Part<From> {
  readonly name: string;
  /** Its parameters are numbered from $1. */
  readonly sql: string;
  /** The parameters; undefined if there is nothing to do. */
  readonly values: (from: From) => readonly unknown[] | undefined;
}

/** A part that has something to do. */
export interface Chosen<P> {
  readonly part: P;
  /** How many parameters of the statement come before its own. */
  readonly before: number;
}

/** The parts that have something to do; their parameters are added to `values`. */
export function chosenParts<From, P extends Part<From>>(
  parts: readonly P[],
  from: From,
  values: unknown[],
): Chosen<P>[] {
  const chosen: Chosen<P>[] = [];
  for (const part of parts) {
    const own = part.values(from);
    if (own === undefined) continue;
    chosen.push({ part, before: values.length });
    values.push(...own);
  }
  return chosen;
}

/** The part with its parameters numbered as in the whole statement. */
export function numbered({ part, before }: Chosen<{ readonly sql: string }>): string {
  return part.sql.replace(/\$(\d+)/g, (_, number) => `$${Number(number) + before}`);
}

const texts = new Map<string, string>();

/** Texts are long, and made once. */
export function textOf(name: string, make: () => string): string {
  let text = texts.get(name);
  if (text === undefined) {
    text = make();
    texts.set(name, text);
  }
  return text;
}
