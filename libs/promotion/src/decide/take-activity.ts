import type { ActivityData } from '@app/contracts';
import type { EventReference } from '@app/ledger';
import type { WatchedActivity } from '../input.js';
import {
  MAX_SESSIONS,
  MAX_VIDEOS,
  type MerchantPromotion,
} from '../merchant-promotion.js';
import { closeOrder } from './orders.js';
import { turnOff, turnOn } from './switch.js';
import type { Turn } from './turn.js';

/** What was done that says where traffic can go and whether it may. */
export function takeActivity(
  turn: Turn,
  event: WatchedActivity,
  reference: EventReference,
): void {
  const { merchant } = turn;
  switch (event.type) {
    case 'merchant.registered':
      return turn.observe({ ...merchant, category: event.data.category });
    case 'live.started':
      return turn.observe(
        startSession(merchant, event.data, event.occurredAtMs),
      );
    case 'live.ended':
      return endSession(turn, event.data.sessionId, reference);
    case 'video.published':
      return turn.observe(
        publishVideo(merchant, event.data, event.occurredAtMs),
      );
    case 'auto_promotion.enabled':
      return turnOn(turn, event.data, reference);
    case 'auto_promotion.disabled':
      return turnOff(turn, event.data, reference);
  }
}

function startSession(
  merchant: MerchantPromotion,
  { sessionId, followers }: ActivityData<'live.started'>,
  startedAtMs: number,
): MerchantPromotion {
  const { sessions, endedSessionIds } = merchant;
  // Its end may have come first.
  if (endedSessionIds.includes(sessionId)) return merchant;
  const known = sessions.find((session) => session.sessionId === sessionId);
  const session = {
    sessionId,
    startedAtMs,
    followers,
    givenImpressions: known?.givenImpressions ?? 0n,
    rest: known?.rest ?? null,
  };
  const others = sessions.filter((other) => other !== known);
  return { ...merchant, sessions: [...others, session].slice(-MAX_SESSIONS) };
}

/** A stream that has ended takes no new orders, and what is reserved for it is free at once. */
function endSession(
  turn: Turn,
  sessionId: string,
  reference: EventReference,
): void {
  for (const order of turn.merchant.orders) {
    if (order.placement === 'live' && order.targetId === sessionId)
      closeOrder(turn, order, 'session_ended', reference);
  }
  const { merchant } = turn;
  const { sessions, endedSessionIds } = merchant;
  turn.observe({
    ...merchant,
    sessions: sessions.filter((session) => session.sessionId !== sessionId),
    endedSessionIds: [
      ...endedSessionIds.filter((id) => id !== sessionId),
      sessionId,
    ].slice(-MAX_SESSIONS),
  });
}

function publishVideo(
  merchant: MerchantPromotion,
  { videoId, shoppable, clip }: ActivityData<'video.published'>,
  publishedAtMs: number,
): MerchantPromotion {
  if (!shoppable) return merchant;
  const known = merchant.videos.find((video) => video.videoId === videoId);
  const video = {
    videoId,
    publishedAtMs,
    clip: clip ?? null,
    rest: known?.rest ?? null,
  };
  const others = merchant.videos.filter((other) => other !== known);
  return { ...merchant, videos: [...others, video].slice(-MAX_VIDEOS) };
}
