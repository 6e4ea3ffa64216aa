/** What history can be asked and gives; the mirror of `stockroom/views.ts` and of `http/wire.ts`. */
import { z } from '@hono/zod-openapi';
import { REF_KINDS } from '../../../stockroom/stockroom.ts';
import { parsePosition } from '../../../core/index.ts';
import { anyKey, optional, plainText, schemaVersion } from './fields.ts';
import { flag, milliseconds, rowLimit } from './queries.ts';
import { refusal } from './refusals.ts';
import { eventDocument } from './views.ts';

const LONGEST_DIGEST = 300;

const position = z
  .string()
  .refine((text) => parsePosition(text) !== undefined, 'is no place in history')
  .openapi({ description: 'A place in history.', example: '12.4.30.9.14.57.2' });

const subject = z.object({ kind: z.enum(REF_KINDS), name: z.string() });

export const historyParameters = z
  .strictObject({
    kind: optional(z.enum(REF_KINDS)).openapi({
      description:
        'What `name` is of; both or none, which means everything. An operation stands for its group.',
    }),
    name: optional(anyKey),
    since: optional(milliseconds('What happened at this moment or after.')),
    until: optional(milliseconds('What happened before this moment.')),
    descending: optional(flag).openapi({ description: 'The newest first.' }),
    after: optional(position).openapi({ description: 'The `position` of the page before.' }),
    upTo: optional(position).openapi({ description: 'Nothing that came in behind this place.' }),
    limit: rowLimit,
  })
  .refine(({ kind, name }) => (kind === undefined) === (name === undefined), {
    message: 'needs a name beside it, and a name needs a kind',
    path: ['kind'],
  });

export const historyPage = z
  .object({
    schemaVersion,
    events: z.array(eventDocument),
    position: position.nullable().openapi({
      description:
        'Where the page ends: what to give as `after`. Null where there was nothing to begin with.',
    }),
    more: z.boolean().openapi({ description: 'Whether there may be more.' }),
  })
  .openapi('HistoryPage');

export const historyEnd = z.object({ schemaVersion, position }).openapi('HistoryEnd');

export const digestParameters = z.strictObject({
  digest: optional(plainText(LONGEST_DIGEST)).openapi({
    description: 'A digest to verify; without it, one is made of all history up to now.',
  }),
});

export const historyProof = z
  .object({
    schemaVersion,
    digest: z.string(),
    refusal: refusal.nullable().openapi({ description: 'Null where nothing has changed.' }),
  })
  .openapi('HistoryProof');

export const namedSubject = z
  .discriminatedUnion('kind', [
    z.object({ schemaVersion, kind: z.literal('found'), subject }),
    z.object({ schemaVersion, kind: z.literal('refused'), refusal }),
  ])
  .openapi('NamedSubject');
