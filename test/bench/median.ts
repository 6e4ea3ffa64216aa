/** The middle one of some figures, or the upper of the two in the middle. */
export function median(figures: readonly number[]): number {
  const middle = figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured: --runs and --rounds must be at least 1');
  return middle;
}
