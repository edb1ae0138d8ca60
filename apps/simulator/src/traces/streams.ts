import { HOUR_MS, MINUTE_MS, weekdayOf } from '../world/calendar.js';
import type { Random } from '../world/random.js';
import { clamp } from './clamp.js';
import type { MerchantProfile } from './merchant-profile.js';
import type { Stage, Target } from './slot-maker.js';

export interface Stream {
  target: Target;
  fromMs: number;
  untilMs: number;
}

const LENGTH_HOURS = { min: 1, max: 6 };
const OFF_AIR_MS = 30 * MINUTE_MS;
/** Streams at another time than usual. */
const ODD_HOUR_SHARE = 0.06;
const START_SIGMA_HOURS = 0.4;
const LENGTH_SIGMA = 0.25;
/** What streams of one merchant differ by; the slots of one share it. */
const CROWD_SIGMA = 0.35;
const APPEAL_SIGMA = 0.3;

/**
 * When a merchant goes live: by habit, with jitter, days left out, and now and then at an odd hour. How much of each
 * is assumed.
 */
export class StreamHabit {
  #freeFromMs: number;
  #count = 0;

  constructor(
    private readonly profile: MerchantProfile,
    private readonly random: Random,
  ) {
    this.#freeFromMs = profile.joinedAtMs + OFF_AIR_MS;
  }

  /** @param willingness multiplies the chance to go live */
  planDay(dayStartMs: number, willingness: (atMs: number) => number): Stream[] {
    const { profile, random } = this;
    const { streamHour, streamShares, secondStream } = profile;
    const usualMs = dayStartMs + streamHour * HOUR_MS;
    const share = streamShares[weekdayOf(dayStartMs)]! * willingness(usualMs);
    if (!random.chance(share)) return [];
    const hours = [streamHour];
    if (random.chance(secondStream.share)) hours.push(secondStream.hour);
    return hours
      .toSorted((a, b) => a - b)
      .map((hour) => this.#stream(dayStartMs, hour));
  }

  #stream(dayStartMs: number, usualHour: number): Stream {
    const { profile, random } = this;
    const hour = random.chance(ODD_HOUR_SHARE)
      ? random.between(6, 24)
      : usualHour + START_SIGMA_HOURS * random.normal();
    const fromMs = wholeMinutes(
      Math.max(dayStartMs + hour * HOUR_MS, dayStartMs, this.#freeFromMs),
    );
    const hours = clamp(
      random.logNormal(profile.streamHours, LENGTH_SIGMA),
      LENGTH_HOURS.min,
      LENGTH_HOURS.max,
    );
    const untilMs = wholeMinutes(fromMs + hours * HOUR_MS);
    this.#freeFromMs = untilMs + OFF_AIR_MS;
    this.#count += 1;
    return {
      target: {
        targetId: `${profile.merchantId}-s${this.#count}`,
        targetKind: 'session',
        placement: 'live',
        crowd: random.logNormal(1, CROWD_SIGMA),
        appeal: random.logNormal(1, APPEAL_SIGMA),
        drop: random.between(0.45, 0.95),
      },
      fromMs,
      untilMs,
    };
  }
}

/** Slots of about an hour. The room fills up at first and shoppers tire in the end. */
export function streamSlots({
  fromMs,
  untilMs,
}: Stream): { atMs: number; untilMs: number; stage: Stage }[] {
  const count = Math.max(1, Math.round((untilMs - fromMs) / HOUR_MS));
  const boundary = (i: number) =>
    wholeMinutes(fromMs + ((untilMs - fromMs) * i) / count);
  return Array.from({ length: count }, (_, i) => ({
    atMs: boundary(i),
    untilMs: boundary(i + 1),
    stage: { room: i === 0 ? 0.7 : 0.98 ** i, rate: 0.96 ** i },
  }));
}

/** Up to the next whole minute. */
function wholeMinutes(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}
