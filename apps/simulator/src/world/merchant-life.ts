import {
  activityContract,
  buildEvent,
  type ActivityCloudEvent,
} from '@app/contracts';
import { DAY_MS, HOUR_MS, startOfDayMs } from './calendar.js';
import { drawHabits } from './habits.js';
import { MerchantAgenda } from './merchant-agenda.js';
import { Random } from './random.js';
import { Shop } from './shop.js';

/** An event with its time as a number: milliseconds since the epoch. */
export interface TimedEvent {
  atMs: number;
  event: ActivityCloudEvent;
}

export interface MerchantLifeOptions {
  merchantId: string;
  /** Of the events. */
  source: string;
  /** Says all that chance has in store for this merchant. */
  seed: string;
  /** When the world begins. */
  epochMs: number;
}

/** Most merchants are there within the first hour, the others join over the first days. */
const EARLY_SHARE = 0.6;
const LAST_JOIN_MS = 3 * DAY_MS;

/** All that a merchant does, in the order of time, without end. */
export function* merchantLife({
  merchantId,
  source,
  seed,
  epochMs,
}: MerchantLifeOptions): Generator<TimedEvent, never, void> {
  const random = new Random(seed);
  const habits = drawHabits(random);
  const joinWithinMs = random.chance(EARLY_SHARE) ? HOUR_MS : LAST_JOIN_MS;
  const registeredAtMs = epochMs + Math.floor(random.between(0, joinWithinMs));
  const shop = new Shop(merchantId, habits, random);
  const agenda = new MerchantAgenda(shop, habits, random, registeredAtMs);
  agenda.planOpening();

  let serial = 0;
  for (let dayStartMs = startOfDayMs(registeredAtMs); ; dayStartMs += DAY_MS) {
    agenda.planDay(dayStartMs);
    while (shop.queue.nextAtMs < dayStartMs + DAY_MS) {
      const { atMs, item: fact } = shop.queue.pop();
      serial += 1;
      yield {
        atMs,
        event: buildEvent(activityContract, {
          source,
          id: `${merchantId}-e${serial}`,
          ...fact,
          merchantId,
          occurredAtMs: atMs,
        }),
      };
    }
  }
}
