/** `--status`: one status or several with commas between. */
import { LABEL_STATUSES, type LabelStatus, ORDER_STATUSES, type OrderStatus } from '../core/index.ts';
import { Fault } from '../stockroom/fault.ts';

export function orderStatuses(text: string): OrderStatus[] {
  return statuses(text, ORDER_STATUSES);
}

export function labelStatuses(text: string): LabelStatus[] {
  return statuses(text, LABEL_STATUSES);
}

function statuses<S extends string>(text: string, known: readonly S[]): S[] {
  return text.split(',').map((word) => {
    const status = known.find((each) => each === word.trim());
    if (status === undefined) throw new Fault('input', `--status ${word} is none of ${known.join(', ')}`);
    return status;
  });
}
