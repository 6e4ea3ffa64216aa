/**
 * Every check of `diagnose`, in the order in which they are told. A problem keeps stock from where it is needed, or says
 * that the data can't be trusted; a notice is worth knowing and hurts nobody.
 */

export type Severity = 'problem' | 'notice';

/** What a check looks at: the stock, its history, the database as a whole, or the place where earmark runs. */
export type CheckGroup = 'stock' | 'history' | 'database' | 'place';

export interface CheckRow {
  readonly severity: Severity;
  readonly group: CheckGroup;
  /** One sentence for the README's table. */
  readonly meaning: string;
}

const problem = (group: CheckGroup, meaning: string): CheckRow => ({ severity: 'problem', group, meaning });
const notice = (group: CheckGroup, meaning: string): CheckRow => ({ severity: 'notice', group, meaning });

export const CHECKS = {
  'ended-order-holds': problem('stock', 'An order that is shipped, closed or cancelled still holds labels.'),
  'surplus-needed': problem(
    'stock',
    'A line holds a label that it could give away and stay covered, while another line is short of the item.',
  ),
  'stale-needed': problem(
    'stock',
    'A draft or open order on which nothing happened for long holds labels of an item that another order is short of.',
  ),
  'expired-held': problem('stock', 'A label past its expiry is held; it ships only with --allow-expired.'),
  'past-due-coverable': problem(
    'stock',
    'An order past its due date is short, and what other orders have too much of or forgot would help.',
  ),
  'shipped-line-holds': notice('stock', 'A line that is shipped in full still holds labels.'),
  surplus: notice('stock', 'A line holds more than it needs, and nobody is short of it.'),
  'stale-held': notice(
    'stock',
    'An order on which nothing happened for long holds labels that nobody misses.',
  ),
  'history-state': problem('history', 'What is stored is not what history says.'),
  'history-chain': problem(
    'history',
    'History does not agree with itself: an event is missing or was changed.',
  ),
  rules: problem('database', 'Stored rows break a rule that earmark keeps, so others wrote them.'),
  'unfinished-import': notice('database', 'An import was begun and has not ended: it runs, or was killed.'),
  database: problem('place', 'The database can not be opened, or not be read.'),
  'schema-version': problem('place', 'The schema is older or newer than this earmark needs.'),
  integrity: problem('database', "The database's own check of its pages, indexes and rows fails."),
  'foreign-keys': problem('database', 'A row refers to a row that is not there.'),
  constraints: problem('database', 'Tables, indexes or constraints are not those that earmark made.'),
  'native-module': problem('place', 'The SQLite module can not be used by this Node, or is too old.'),
  clock: problem('place', 'The clock is far off: history holds events from its future.'),
  writable: problem('place', 'The database or its folder can not be written.'),
  'disk-space': problem('place', 'The disk that holds the database is nearly full.'),
} as const satisfies Record<string, CheckRow>;

export type CheckName = keyof typeof CHECKS;

export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

export function isCheckName(text: string): text is CheckName {
  return Object.hasOwn(CHECKS, text);
}
