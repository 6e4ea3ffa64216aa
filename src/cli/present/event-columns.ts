/** The columns of events, under the names that JSON gives the fields. */
import type { EventDocument } from '../../stockroom/stockroom.ts';
import { type Column, type Listing, moment } from './columns.ts';
import { fieldChanges } from './events.ts';

export const EVENTS: Listing<EventDocument> = {
  name: 'events',
  columns: [
    moment('at', 'at', (event) => event.at),
    { field: 'by', title: 'by', value: (event) => event.by },
    { field: 'verb', title: 'verb', value: (event) => event.verb },
    { field: 'kind', title: 'what', value: (event) => event.kind },
    { field: 'label', title: 'label', value: (event) => event.label },
    { field: 'order', title: 'order', value: (event) => event.order },
    { field: 'line', title: 'line', value: (event) => event.line, right: true },
    { field: 'item', title: 'item', value: (event) => event.item },
    {
      ...fieldsColumn('before', (event) => event.before),
      shown: (event) => fieldChanges(event.before, null),
    },
    { ...fieldsColumn('after', (event) => event.after), shown: (event) => fieldChanges(null, event.after) },
    { field: 'reason', title: 'reason', value: (event) => event.reason },
    { field: 'operation', title: 'operation', value: (event) => event.operation },
  ],
  nameOf: (event) => `operation/${event.operation}`,
};

function fieldsColumn(
  field: 'before' | 'after',
  value: (event: EventDocument) => EventDocument['before'],
): Column<EventDocument> {
  return {
    field,
    title: field,
    value: (event) => {
      const fields = value(event);
      return fields === null ? null : JSON.stringify(fields);
    },
  };
}
