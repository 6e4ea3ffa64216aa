/** What can be asked of the verbs; the mirror of `core/commands.ts`. */
import { z } from '@hono/zod-openapi';
import { STRATEGIES } from '../../../core/index.ts';
import { labelKey, lineNumber, MOST_LABELS, optional, orderKey, plan, text } from './fields.ts';

const keepGoing = optional(
  z.boolean().openapi({ description: 'Do what can be done, and list what could not.' }),
);

const labels = <S extends z.ZodType>(each: S) => z.array(each).max(MOST_LABELS);

const labelChoice = z
  .union([labelKey, z.strictObject({ label: labelKey, line: lineNumber })])
  .openapi('LabelChoice', {
    description: 'A label; with the line that it is for where `line` does not say so.',
  });

export const reserveCommand = z
  .strictObject({
    order: orderKey,
    labels: labels(labelChoice),
    line: optional(lineNumber),
    keepGoing,
  })
  .openapi('ReserveCommand', { example: { order: 'SO-1042', labels: ['L-00042', 'L-00043'], line: 1 } });

export const strategy = z.enum(STRATEGIES).openapi('Strategy', {
  description: 'How labels are chosen: oldest, earliest expiry, least over, or fewest.',
});

export const autoReserveCommand = z
  .strictObject({ order: orderKey, line: optional(lineNumber), strategy, keepGoing })
  .openapi('AutoReserveCommand', { example: { order: 'SO-1042', strategy: 'fefo' } });

const freeChoice = z
  .union([labelKey, z.strictObject({ label: labelKey, expectOrder: orderKey })])
  .openapi('FreeChoice', {
    description: 'A label; with the order that must be the one that holds it still.',
  });

const freeTarget = z
  .union([
    z.strictObject({ labels: labels(freeChoice) }),
    z.strictObject({
      order: orderKey,
      line: optional(lineNumber),
      plan: optional(labels(labelKey)).openapi({
        description: 'The labels that it must hold still, and no others.',
      }),
    }),
  ])
  .openapi('FreeTarget', {
    description: 'Labels to free, or an order or a line whose labels are all freed.',
  });

export const unreserveCommand = z
  .strictObject({ target: freeTarget, expectOrder: optional(orderKey), keepGoing })
  .openapi('UnreserveCommand', { example: { target: { labels: ['L-00042'] }, expectOrder: 'SO-1042' } });

export const shipCommand = z
  .strictObject({
    order: orderKey,
    from: optional(labels(labelKey)).openapi({
      description: 'Active labels to draw from after the reserved ones.',
    }),
    partial: optional(z.boolean()).openapi({ description: 'Ship what is reserved where a line is short.' }),
    allowExpired: optional(z.boolean()).openapi({ description: 'Draw from labels past their expiry, too.' }),
    plan,
  })
  .openapi('ShipCommand', { example: { order: 'SO-1042', partial: true } });

const expectOrder = optional(orderKey).openapi({ description: 'Refuse labels that another order holds.' });

export const transferCommand = z
  .strictObject({
    labels: labels(freeChoice),
    to: z.strictObject({ order: orderKey, line: optional(lineNumber) }),
    expectOrder,
    keepGoing,
    plan,
  })
  .openapi('TransferCommand', { example: { labels: ['L-00042'], to: { order: 'SO-1042', line: 1 } } });

export const swapCommand = z
  .strictObject({
    labels: z.tuple([labelKey, labelKey]),
    expectOrders: optional(z.array(orderKey).max(2)).openapi({
      description: 'Refuse a label that an order holds which is none of these.',
    }),
    plan,
  })
  .openapi('SwapCommand', { example: { labels: ['L-00042', 'L-00043'] } });

export const endCommand = z
  .strictObject({ order: orderKey, plan })
  .openapi('EndCommand', { example: { order: 'SO-1042' } });

export const undoCommand = z
  .strictObject({
    operation: text('The id of an operation, or of a group whose operations are `GROUP/n`.'),
    expectOrder,
    plan,
  })
  .openapi('UndoCommand', { example: { operation: '1m83z7w8k-qm6x22sw' } });

export const findRequest = z
  .strictObject({
    labels: labels(labelKey),
    asOf: optional(z.number().int()).openapi({
      description: 'Who held them at this moment, in milliseconds since 1970, UTC; now, if absent.',
    }),
  })
  .openapi('FindRequest', { example: { labels: ['L-00042', '4006381333955'] } });

export const suggestQuery = z
  .strictObject({ order: orderKey, line: lineNumber.optional(), strategy })
  .openapi('SuggestQuery', { example: { order: 'SO-1042', strategy: 'best-fit' } });
