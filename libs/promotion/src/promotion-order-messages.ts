import { TOPICS, type PromotionOrderCloudEvent } from '@app/contracts';
import { entryId, type Entry, type ReleaseCause } from '@app/ledger';

/**
 * What an entry of the promotions journal tells the ad-delivery service; null for nothing. A function of
 * the entry alone: published again, it is the same event with the same id.
 */
export function promotionOrderMessage(
  entry: Entry,
  source: string,
): PromotionOrderCloudEvent | null {
  const { cause, merchantId, occurredAtMs, journal, shard, sequence } = entry;
  const envelope = {
    specversion: '1.0' as const,
    source,
    id: entryId(journal, shard, sequence),
    subject: merchantId!,
    time: new Date(occurredAtMs).toISOString(),
  };
  if (cause.type === 'promotion_ordered') {
    const { promotionOrderId, placement, sessionId, videoId, deadline } = cause;
    return {
      ...envelope,
      type: 'promotion.ordered',
      data: {
        promotionOrderId,
        placement,
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(videoId === undefined ? {} : { videoId }),
        impressions: Number(cause.impressions),
        deadline,
      },
    };
  }
  if (cause.type === 'promotion_closed' && isOurClosing(cause))
    return {
      ...envelope,
      type: 'promotion.cancelled',
      data: { promotionOrderId: cause.promotionOrderId },
    };
  return null;
}

/** Closed for anything but what the ad-delivery service reported: it has to be told. */
function isOurClosing({ event }: ReleaseCause): boolean {
  return event?.topic !== TOPICS.delivery;
}
