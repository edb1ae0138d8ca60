import type { Placement } from '@app/contracts';
import { HOUR_MS, startOfDayMs } from '../world/calendar.js';
import { busyness } from '../world/diurnal.js';
import { drawHabits, type Habits } from '../world/habits.js';
import type { Random } from '../world/random.js';
import { clamp } from './clamp.js';
import type { Span } from './span.js';
import type { TraceWorld } from './trace-world.js';

/**
 * What a merchant's traffic is worth, and when they have room for it. Followers, prices and times are those of the simulator's
 * merchants; what is added here is assumed.
 */
export interface MerchantProfile {
  merchantId: string;
  category: string;
  joinedAtMs: number;
  /** Chance to go live, by weekday from Sunday on. */
  streamShares: readonly number[];
  streamHour: number;
  streamHours: number;
  /** Chance of a second stream on a day with one, and its hour. */
  secondStream: { share: number; hour: number };
  videosPerDay: number;
  clipShare: number;
  traits: Record<Placement, PlacementTraits>;
  /** What impressions bring by weekday from Sunday on, about 1. */
  weekdayRates: readonly number[];
  /** Hour at which impressions bring the most, and by which part more than on average. */
  peakHour: number;
  hourSwing: number;
}

export interface PlacementTraits {
  /** Impressions that a target takes in an average hour. */
  roomPerHour: number;
  /** What the first impressions at an average target bring, in fen. */
  gmvMinorPerThousand: number;
}

/** Median followers of {@link drawHabits}: whom a world's medians speak of. */
const MEDIAN_FOLLOWERS = 2_000;
/** Assumed: food sells ahead of supper, household goods in the morning, jewellery late. */
const PEAK_HOURS: Record<string, number> = {
  apparel: 21,
  beauty: 20,
  food: 17,
  household: 10,
  jewellery: 22,
  electronics: 14,
};
const MEDIAN_ORDER_MINOR = 7_500;
/** Dearer goods bring more, but are bought less often: assumed. */
const PRICE_POWER = 0.6;
/** Of weekdays, at one merchant. */
const REST_DAY_SHARE = 0.2;
const MAX_STREAM_SHARE = 0.97;
/** Merchants who go live twice on some days. */
const TWICE_A_DAY_SHARE = 0.3;
const WEEKDAY_SIGMA = 0.12;
/** Spread of logarithms, drawn for each placement: who is good at streams need not be at videos. */
const ROOM_SIGMA = 0.4;
const RATE_SIGMA = 0.5;

export function drawProfile(
  merchantId: string,
  random: Random,
  { joining, live, video }: TraceWorld,
  span: Span,
): MerchantProfile {
  const habits = drawHabits(random);
  const lastJoinMs = random.chance(joining.earlyShare)
    ? HOUR_MS
    : joining.lastAt * (span.endMs - span.startMs);
  const size = Math.sqrt((habits.followers + 100) / (MEDIAN_FOLLOWERS + 100));
  const quality = random.logNormal(1, RATE_SIGMA);
  const traitsAt = ({
    roomPerHour,
    ordersPerThousand,
  }: TraceWorld['live' | 'video']): PlacementTraits => ({
    roomPerHour: size * random.logNormal(roomPerHour, ROOM_SIGMA),
    gmvMinorPerThousand:
      MEDIAN_ORDER_MINOR *
      (habits.medianOrderMinor / MEDIAN_ORDER_MINOR) ** PRICE_POWER *
      quality *
      random.logNormal(ordersPerThousand, RATE_SIGMA),
  });
  return {
    merchantId,
    category: habits.category,
    joinedAtMs: span.startMs + wholeSeconds(random.between(0, lastJoinMs)),
    streamShares: drawStreamShares(random, habits, live.often),
    streamHour: habits.streamHour,
    streamHours: clamp(habits.streamHours, 1, 6),
    secondStream: {
      share: random.chance(TWICE_A_DAY_SHARE) ? random.between(0.2, 0.8) : 0,
      hour: (habits.streamHour + random.between(7, 12)) % 24,
    },
    videosPerDay: habits.videosPerDay * video.often,
    clipShare: habits.clipShare,
    traits: { live: traitsAt(live), short_video: traitsAt(video) },
    weekdayRates: Array.from({ length: 7 }, () =>
      random.logNormal(1, WEEKDAY_SIGMA),
    ),
    peakHour: (PEAK_HOURS[habits.category] ?? 20) + random.normal() * 1.5,
    hourSwing: random.between(0.1, 0.45),
  };
}

/** Impressions that a stream of so many hours usually takes when they go live. */
export function usualStreamRoom(
  { streamHour, traits }: MerchantProfile,
  hours: number,
): number {
  const fromMs = startOfDayMs(0) + streamHour * HOUR_MS;
  return (
    traits.live.roomPerHour * hours * busyness(fromMs, fromMs + hours * HOUR_MS)
  );
}

/** Impressions that a video usually takes in its life. */
export function usualVideoRoom(
  { traits }: MerchantProfile,
  { video }: TraceWorld,
): number {
  return traits.short_video.roomPerHour * video.lifeDays * 24;
}

/** Impressions that a merchant's streams and videos usually take in a day. */
export function usualDayRoom(
  profile: MerchantProfile,
  world: TraceWorld,
): Record<Placement, number> {
  const { streamShares, streamHours, videosPerDay } = profile;
  const streamShare = streamShares.reduce((sum, share) => sum + share) / 7;
  return {
    live: streamShare * usualStreamRoom(profile, streamHours),
    short_video: videosPerDay * usualVideoRoom(profile, world),
  };
}

/** Some weekdays are days of rest, on which they hardly ever go live. */
function drawStreamShares(
  random: Random,
  { streamShare }: Habits,
  often: number,
): number[] {
  return Array.from({ length: 7 }, () => {
    const isRestDay = random.chance(REST_DAY_SHARE);
    const share = streamShare * often * random.between(0.8, 1.2);
    return Math.min(isRestDay ? 0.1 * share : share, MAX_STREAM_SHARE);
  });
}

function wholeSeconds(ms: number): number {
  return ms - (ms % 1_000);
}
