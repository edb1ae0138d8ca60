import type { Placement } from '@app/contracts';
import { DAY_MS, HOUR_MS, weekdayOf } from '../world/calendar.js';
import type { Random } from '../world/random.js';
import type { Effect, InfluenceSource } from './influence.js';
import type { Span } from './span.js';

const SATURDAY = 6;
const SUNDAY = 0;

/** Weekends are busier. */
export function weekends(effect: Effect): InfluenceSource {
  return () => (atMs) =>
    [SATURDAY, SUNDAY].includes(weekdayOf(atMs)) ? effect : undefined;
}

/** Between two moments, the second excluded. */
export function during(
  fromMs: number,
  untilMs: number,
  effect: Effect,
): InfluenceSource {
  return () => (atMs) =>
    atMs >= fromMs && atMs < untilMs ? effect : undefined;
}

/** Days at shares of the trace at which something holds for a while. */
export function stretch(
  fromShare: number,
  days: number,
  effect: Effect,
): InfluenceSource {
  return (random, span) => {
    const fromMs = momentAt(span, fromShare);
    return during(fromMs, fromMs + days * DAY_MS, effect)(random, span);
  };
}

/** The platform is down now and then for some hours: no room at all. */
export function outages(
  perWeek: number,
  hours: [number, number],
): InfluenceSource {
  return (random, span) => {
    const weeks = (span.endMs - span.startMs) / (7 * DAY_MS);
    const times = Array.from({ length: random.poisson(perWeek * weeks) }, () =>
      moment(random, span),
    ).map((fromMs) => ({
      fromMs,
      untilMs: fromMs + random.between(...hours) * HOUR_MS,
    }));
    return (atMs) =>
      times.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs)
        ? { room: 0 }
        : undefined;
  };
}

/** The audience moves from one placement to the other and stays there: within some days around a share of the trace. */
export function migration(
  atShare: number,
  days: number,
  after: Record<Placement, Effect>,
): InfluenceSource {
  return (_random, span) => {
    const middleMs = momentAt(span, atShare);
    return (atMs, placement) => {
      const done =
        1 / (1 + Math.exp((-4 * (atMs - middleMs)) / (days * DAY_MS)));
      const { room = 1, rate = 1 } = after[placement];
      return { room: room ** done, rate: rate ** done };
    };
  };
}

/** A merchant's rates leap up or down at some moment; some come back after a while. */
export function breaks(
  share: number,
  factor: [number, number],
  comeBack: { share: number; days: [number, number] },
): InfluenceSource {
  return (random, span) => {
    if (!random.chance(share)) return () => undefined;
    const fromMs = moment(random, span);
    const size = random.logUniform(...factor);
    const untilMs = random.chance(comeBack.share)
      ? fromMs + random.between(...comeBack.days) * DAY_MS
      : Infinity;
    const rate = random.chance(0.5) ? size : 1 / size;
    return during(fromMs, untilMs, { rate })(random, span);
  };
}

/** What a merchant's impressions bring goes slowly up and down. */
export function drift(swing: number, days: [number, number]): InfluenceSource {
  return (random) => {
    const periodMs = random.between(...days) * DAY_MS;
    const phase = random.unit();
    return (atMs) => ({
      rate: Math.exp(
        swing * Math.sin(2 * Math.PI * (((atMs / periodMs) % 1) + phase)),
      ),
    });
  };
}

function momentAt({ startMs, endMs }: Span, share: number): number {
  return startMs + share * (endMs - startMs);
}

function moment(random: Random, { startMs, endMs }: Span): number {
  return Math.floor(random.between(startMs, endMs));
}
