import type { ReleaseCause } from '@app/ledger';
import type {
  MerchantPromotion,
  OpenOrder,
  Rest,
} from '../merchant-promotion.js';

/** How long a target is left alone after the first order in a row that came to nothing; each further one doubles it. */
export const FIRST_REST_MS = 60_000;
export const LONGEST_REST_MS = 4 * 60 * 60_000;

/** Ended for what the ad-delivery service did or left undone. */
const ENDED_BY_DELIVERY: ReadonlySet<ReleaseCause['reason']> = new Set([
  'completed',
  'session_ended',
  'cancelled',
  'rejected',
  'deadline_passed',
]);

/** An order that came to nothing lets its target rest, twice as long each time in a row; one that did not ends that. */
export function afterClosing(
  merchant: MerchantPromotion,
  { placement, targetId, deliveredImpressions }: OpenOrder,
  reason: ReleaseCause['reason'],
): MerchantPromotion {
  if (deliveredImpressions > 0n)
    return withRest(merchant, placement, targetId, () => null);
  if (!ENDED_BY_DELIVERY.has(reason)) return merchant;
  return withRest(merchant, placement, targetId, (rest) => {
    const failures = (rest?.failures ?? 0) + 1;
    return { failures, untilMs: merchant.clockMs + restMs(failures) };
  });
}

/** Those that are over by the merchant's clock end; the same merchant where none is. */
export function endRests(merchant: MerchantPromotion): MerchantPromotion {
  const isOver = ({ rest }: { rest: Rest | null }) =>
    rest?.untilMs != null && rest.untilMs <= merchant.clockMs;
  const { sessions, videos } = merchant;
  if (!sessions.some(isOver) && !videos.some(isOver)) return merchant;
  const end = <T extends { rest: Rest | null }>(target: T): T =>
    isOver(target)
      ? { ...target, rest: { ...target.rest, untilMs: null } }
      : target;
  return { ...merchant, sessions: sessions.map(end), videos: videos.map(end) };
}

/** When rests end. */
export function restEndsMs({ sessions, videos }: MerchantPromotion): number[] {
  return [...sessions, ...videos].flatMap(({ rest }) =>
    rest?.untilMs == null ? [] : [rest.untilMs],
  );
}

function restMs(failures: number): number {
  return Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS);
}

function withRest(
  merchant: MerchantPromotion,
  placement: OpenOrder['placement'],
  targetId: string,
  next: (rest: Rest | null) => Rest | null,
): MerchantPromotion {
  return placement === 'live'
    ? {
        ...merchant,
        sessions: merchant.sessions.map((session) =>
          session.sessionId === targetId
            ? { ...session, rest: next(session.rest) }
            : session,
        ),
      }
    : {
        ...merchant,
        videos: merchant.videos.map((video) =>
          video.videoId === targetId
            ? { ...video, rest: next(video.rest) }
            : video,
        ),
      };
}
