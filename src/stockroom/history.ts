/** Who did what when and why, in pages (DESIGN rule 16). */
import { parsePosition, positionText } from '../core/index.ts';
import { Fault } from './fault.ts';
import type { RecordedEventsQuery } from './history-reads.ts';
import type { Ledger } from './ledger.ts';
import type { HistoryQuery } from './queries.ts';
import { eventDocument } from './show.ts';
import type { HistoryPage } from './views.ts';

export async function* history(ledger: Ledger, query: HistoryQuery): AsyncIterable<HistoryPage> {
  const { after, upTo, ...rest } = query;
  const recorded: RecordedEventsQuery = {
    ...rest,
    ...(after === undefined ? {} : { after: placeOf(after) }),
    ...(upTo === undefined ? {} : { upTo: placeOf(upTo) }),
  };
  for await (const { events, position } of ledger.history.events(recorded)) {
    yield { events: events.map(eventDocument), position: positionText(position) };
  }
}

function placeOf(text: string) {
  const position = parsePosition(text);
  if (position === undefined) throw new Fault('input', 'that is no place in history');
  return position;
}
