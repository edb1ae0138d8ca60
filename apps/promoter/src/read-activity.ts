import {
  activityContract,
  decodeEvent,
  identifyEvent,
  shardOf,
  type ActivityEvent,
  type DecodedEvent,
} from '@app/contracts';
import { WATCHED_ACTIVITY, type WatchedActivity } from '@app/promotion';
import { toIntake, type ReceivedMessage } from '@app/streaming';
import type { PromoterMessage } from './project.js';

/**
 * What a message of the activity topic is to the projector: something to act on, or the time alone, of which no more
 * is kept. Null where it cannot be read or belongs to another shard: that is the granter's to deal with, which reads
 * the same topic.
 */
export function readActivity(
  message: ReceivedMessage,
  shardCount: number,
): PromoterMessage | null {
  const decoded = decodeEvent(activityContract, message);
  if (!decoded.ok) return null;
  const { position, partition } = message;
  const { merchantId, occurredAtMs } = decoded.event;
  if (shardOf(merchantId, shardCount) !== partition) return null;
  if (!isWatched(decoded))
    return { kind: 'time', position, merchantId, atMs: occurredAtMs };
  const read = identifyEvent(decoded);
  return { kind: 'activity', ...toIntake(message, read, () => partition) };
}

const WATCHED: ReadonlySet<string> = new Set(WATCHED_ACTIVITY);

function isWatched(
  decoded: DecodedEvent<ActivityEvent>,
): decoded is DecodedEvent<WatchedActivity> {
  return WATCHED.has(decoded.event.type);
}
