import type { DeliveryEvent } from '@app/contracts';
import type { EventReference } from '@app/ledger';
import { closeOrder, deliver } from './orders.js';
import type { Turn } from './turn.js';

/** Why an input had no effect that should have had one. */
export interface Refused {
  refusal: 'order_not_open';
  detail: string;
}

/** What the ad-delivery service reports; only of an open order has it an effect. */
export function takeReport(
  turn: Turn,
  event: DeliveryEvent,
  reference: EventReference,
): Refused | null {
  const { promotionOrderId } = event.data;
  const order = turn.merchant.orders.find(
    (open) => open.promotionOrderId === promotionOrderId,
  );
  if (!order && isAcknowledgement(event)) return null;
  if (!order)
    return {
      refusal: 'order_not_open',
      detail: `data.promotionOrderId: ${promotionOrderId} is not an open order of this merchant`,
    };
  if (event.type === 'promotion.delivered')
    deliver(turn, order, event.data, reference);
  else closeOrder(turn, order, event.data.reason, reference);
  return null;
}

/** Why ad delivery closes what we have cancelled: it may have heard of a session's end by itself. */
const ACKNOWLEDGING: ReadonlySet<string> = new Set([
  'cancelled',
  'session_ended',
]);

/** What ad delivery answers where an order was closed here: it delivers nothing more of it. */
function isAcknowledgement(event: DeliveryEvent): boolean {
  return (
    event.type === 'promotion.closed' && ACKNOWLEDGING.has(event.data.reason)
  );
}
