/**
 * A CSV cell that begins like a formula would be run by a spreadsheet, so export puts an apostrophe before it, and import
 * takes it off (DESIGN section 7). A cell that begins with apostrophes and then so is guarded too: only then is what was
 * written what is read back, for every text.
 */
const RUNS = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;

export function guard(cell: string): string {
  return RUNS.test(cell) ? `'${cell}` : cell;
}

export function unguard(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}
