import { lotsToTakeBack } from '@app/promotion';
import type { PromoterMessage } from './project.js';

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
  for (const message of messages)
    switch (message.kind) {
      case 'tick':
        merchantIds.add(message.merchantId);
        break;
      case 'grant': {
        const { merchantId } = message.entry;
        if (merchantId !== null) merchantIds.add(merchantId);
        lotIds.push(...lotsToTakeBack(message.entry));
        break;
      }
      case 'time': {
        const { merchantId, atMs } = message;
        toldMs.set(merchantId, Math.max(atMs, toldMs.get(merchantId) ?? atMs));
        break;
      }
      case 'activity':
      case 'delivery':
        if (!message.read.ok) break;
        merchantIds.add(message.read.event.merchantId);
        eventKeys.push(message.read.key);
    }
  for (const merchantId of merchantIds) toldMs.delete(merchantId);
  return { merchantIds: [...merchantIds], toldMs, eventKeys, lotIds };
}
