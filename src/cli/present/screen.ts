/** What all screens of `show` have. */
import { type Obstacle, obstacleSentence, printable } from '../../core/index.ts';
import type { Context } from '../context.ts';

/** A part of a screen, if there is anything in it. */
export function section(title: string, lines: readonly string[], { paint }: Context): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

/** ` · as of 2026-11-20 18:00`; empty for now. */
export function asOf(view: { readonly asOf?: string }, { sayMoment }: Context): string {
  return view.asOf === undefined ? '' : ` · as of ${sayMoment(view.asOf)}`;
}

export function obstacleLines(obstacles: readonly Obstacle[]): string[] {
  return obstacles.map((obstacle) => printable(obstacleSentence(obstacle).message));
}

/** What may be typed next, without saying anything twice. Of the past nothing can be changed. */
export function steps(
  view: { readonly asOf?: string; readonly obstacles: readonly Obstacle[] },
  commands: readonly string[],
): string[] {
  if (view.asOf !== undefined) return [];
  const against = view.obstacles.flatMap((obstacle) => obstacleSentence(obstacle).next);
  return [...new Set([...against.map(({ command }) => command), ...commands])].map(printable);
}
