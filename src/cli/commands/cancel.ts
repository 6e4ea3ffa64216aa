/** `earmark cancel`: cancels an order and frees its labels. */
import { defineEnd } from './end-order.ts';

export const define = defineEnd('cancel');
