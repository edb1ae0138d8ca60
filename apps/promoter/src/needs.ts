import { lotsToTakeBack } from '@app/promotion';
import { isWatchedActivity, type PromoterMessage } from './project.js';

/** What of a shard has to be known to take some messages. */
export interface Needs {
  /** Whom they are about. */
  merchantIds: string[];
  /** Who is only told the time by them, and the latest that it is. */
  toldMs: Map<string, number>;
  /** Of events that may have been taken before. */
  eventKeys: Buffer[];
  /** Of lots that are to be taken back. */
  lotIds: string[];
}

export function needsOf(messages: readonly PromoterMessage[]): Needs {
  const merchantIds = new Set<string>();
  const toldMs = new Map<string, number>();
  const eventKeys: Buffer[] = [];
  const lotIds: string[] = [];
  for (const message of messages) {
    if (message.kind === 'tick') merchantIds.add(message.merchantId);
    else if (message.kind === 'grant') {
      const { merchantId } = message.entry;
      if (merchantId !== null) merchantIds.add(merchantId);
      lotIds.push(...lotsToTakeBack(message.entry));
    } else if (message.read.ok) {
      const { key, event } = message.read;
      const { merchantId, occurredAtMs } = event;
      if (message.kind === 'delivery' || isWatchedActivity(message)) {
        merchantIds.add(merchantId);
        eventKeys.push(key);
      } else
        toldMs.set(
          merchantId,
          Math.max(occurredAtMs, toldMs.get(merchantId) ?? occurredAtMs),
        );
    }
  }
  for (const merchantId of merchantIds) toldMs.delete(merchantId);
  return { merchantIds: [...merchantIds], toldMs, eventKeys, lotIds };
}
