import type { EventReference } from '@app/ledger';
import type { WatchedActivity } from '../input.js';
import {
  MAX_SESSIONS,
  MAX_VIDEOS,
  type MerchantPromotion,
} from '../merchant-promotion.js';
import { closeOrder } from './orders.js';
import type { Turn } from './turn.js';

/** What was done that says where traffic can go and whether it may. */
export function takeActivity(
  turn: Turn,
  event: WatchedActivity,
  reference: EventReference,
): void {
  const { merchant } = turn;
  switch (event.type) {
    case 'live.started':
      // Its end may have come first.
      if (merchant.endedSessionIds.includes(event.data.sessionId)) return;
      return turn.observe({
        ...merchant,
        sessionIds: withLatest(
          merchant.sessionIds,
          event.data.sessionId,
          MAX_SESSIONS,
        ),
      });
    case 'live.ended':
      return turn.observe(endSession(merchant, event.data.sessionId));
    case 'video.published':
      if (!event.data.shoppable) return;
      return turn.observe({
        ...merchant,
        videoIds: withLatest(merchant.videoIds, event.data.videoId, MAX_VIDEOS),
      });
    case 'auto_promotion.enabled':
      return turnSwitch(turn, true, event.data.by, reference);
    case 'auto_promotion.disabled':
      turnSwitch(turn, false, event.data.by, reference);
      for (const order of turn.merchant.orders)
        closeOrder(turn, order, 'switched_off', reference);
      return;
  }
}

function turnSwitch(
  turn: Turn,
  enabled: boolean,
  by: string,
  event: EventReference,
): void {
  turn.write({
    kind: enabled ? 'switch_on' : 'switch_off',
    postings: [],
    cause: { type: 'auto_promotion_switched', enabled, by, event },
  });
}

/** A stream that has ended takes no new orders; those it has end soon after its last reports. */
function endSession(
  merchant: MerchantPromotion,
  sessionId: string,
): MerchantPromotion {
  return {
    ...merchant,
    sessionIds: merchant.sessionIds.filter((id) => id !== sessionId),
    endedSessionIds: withLatest(
      merchant.endedSessionIds,
      sessionId,
      MAX_SESSIONS,
    ),
    orders: merchant.orders.map((order) =>
      order.placement === 'live' && order.targetId === sessionId
        ? {
            ...order,
            deadlineMs: Math.min(order.deadlineMs, merchant.clockMs),
          }
        : order,
    ),
  };
}

function withLatest(
  ids: readonly string[],
  id: string,
  limit: number,
): string[] {
  return [...ids.filter((known) => known !== id), id].slice(-limit);
}
