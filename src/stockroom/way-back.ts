/** What moves reservations, ends orders and takes operations back (DESIGN rules 13, 14 and 17); loaded when it is asked for. */
import {
  decideEnd,
  decideSwap,
  decideTransfer,
  decideUndo,
  type EndAnswer,
  type EndCommand,
  labelOf,
  type SwapAnswer,
  type SwapCommand,
  type TransferAnswer,
  type TransferCommand,
  type UndoAnswer,
  type UndoCommand,
} from '../core/index.ts';
import type { Deed } from './deed.ts';

export function transferring(command: TransferCommand): Deed<TransferAnswer> {
  return {
    verb: 'transfer',
    scope: { order: command.to.order, labels: command.labels.map(labelOf), holders: true },
    refused: { order: null, results: [], lines: [], plan: null },
    decide: (snapshot, occasion) => decideTransfer(command, snapshot, occasion),
  };
}

export function swapping(command: SwapCommand): Deed<SwapAnswer> {
  return {
    verb: 'swap',
    scope: { labels: command.labels, holders: true },
    refused: { results: [], lines: [], plan: null },
    decide: (snapshot, occasion) => decideSwap(command, snapshot, occasion),
  };
}

export function ending(verb: 'cancel' | 'close', command: EndCommand): Deed<EndAnswer> {
  return {
    verb,
    scope: { order: command.order, held: true },
    refused: { order: null, released: [], plan: null },
    decide: (snapshot, occasion) => decideEnd(verb, command, snapshot, occasion),
  };
}

export function undoing(command: UndoCommand): Deed<UndoAnswer> {
  return {
    verb: 'undo',
    scope: { operation: command.operation },
    refused: { operations: [], results: [], orders: [], lines: [], plan: null },
    decide: (snapshot, occasion) => decideUndo(command, snapshot, occasion),
  };
}
