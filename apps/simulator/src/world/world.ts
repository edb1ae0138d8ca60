import { TimeQueue } from '../time-queue.js';
import { merchantLife, type TimedEvent } from './merchant-life.js';

export interface WorldOptions {
  /** When the world begins: milliseconds since the epoch, a whole second. */
  epochMs: number;
  merchants: number;
}

/**
 * What the merchants of a world do, in the order of time, without end. The same seed and options give the
 * same events, byte for byte. Chance is each merchant's own, so that one merchant more changes nothing for
 * the others.
 *
 * Identifiers carry the seed and the beginning: a world that begins later has other merchants and events,
 * so that a simulator that is started again never says something else under an id that it has used.
 * The memory it takes is a day's plan for each merchant.
 */
export function* world(
  seed: number,
  { epochMs, merchants }: WorldOptions,
): Generator<TimedEvent, never, void> {
  const name = `${seed}-${(epochMs / 1000).toString(36)}`;
  const next = new TimeQueue<{
    life: ReturnType<typeof merchantLife>;
    event: TimedEvent['event'];
  }>();
  for (let number = 1; number <= merchants; number += 1) {
    const life = merchantLife({
      merchantId: `m${number}-${name}`,
      source: 'urn:traffic-reward-ledger:simulator',
      seed: `${seed}/merchant/${number}`,
      epochMs,
    });
    const { atMs, event } = life.next().value;
    next.push(atMs, { life, event });
  }
  for (;;) {
    const { atMs, item } = next.pop();
    yield { atMs, event: item.event };
    const following = item.life.next().value;
    next.push(following.atMs, { life: item.life, event: following.event });
  }
}
