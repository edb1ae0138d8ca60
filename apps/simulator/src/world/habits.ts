import type { Random } from './random.js';

/** What a merchant is like, for as long as the world lasts. */
export interface Habits {
  category: string;
  /** When they registered. */
  followers: number;
  /** Half of all orders cost less. */
  medianOrderMinor: number;
  refundShare: number;
  shelfOrdersPerDay: number;
  videoOrdersPerDay: number;
  liveOrdersPerHour: number;
  /** Share of days with a stream. */
  streamShare: number;
  /** Hour of the day at which they usually go live, with a fraction. */
  streamHour: number;
  streamHours: number;
  videosPerDay: number;
  /** Share of streams that clips are cut from. */
  clipShare: number;
  /** Share of a day's sales put into ads the same evening; 0 for most. */
  adShare: number;
  autoPromotion: AutoPromotionHabit;
}

/** Whether they turn automatic promotion on at the start, never, or turn it off and on again now and then. */
export type AutoPromotionHabit = 'on' | 'off' | 'wavering';

interface Category {
  name: string;
  share: number;
  medianOrderMinor: number;
  refundShare: number;
}

/** Rough figures of what sells on Kuaishou; apparel comes back most. */
const CATEGORIES: readonly Category[] = [
  {
    name: 'apparel',
    share: 0.3,
    medianOrderMinor: 8_900,
    refundShare: 0.22,
  },
  {
    name: 'beauty',
    share: 0.17,
    medianOrderMinor: 9_900,
    refundShare: 0.09,
  },
  { name: 'food', share: 0.22, medianOrderMinor: 4_500, refundShare: 0.05 },
  {
    name: 'household',
    share: 0.16,
    medianOrderMinor: 5_900,
    refundShare: 0.08,
  },
  {
    name: 'jewellery',
    share: 0.07,
    medianOrderMinor: 29_900,
    refundShare: 0.3,
  },
  {
    name: 'electronics',
    share: 0.08,
    medianOrderMinor: 19_900,
    refundShare: 0.12,
  },
];

const MEDIAN_FOLLOWERS = 2_000;
/** Most merchants are small, and a few are a thousand times larger. */
const FOLLOWERS_SIGMA = 1.6;
const MAX_FOLLOWERS = 5_000_000;

/** Most go live in the evening, many in the morning, some by night. */
const STREAM_HOURS = [6, 9, 12, 15, 19, 20, 21, 23, 2];
const STREAM_HOUR_WEIGHTS = [1, 3, 2, 2, 4, 6, 4, 2, 1];

export function drawHabits(random: Random): Habits {
  const category =
    CATEGORIES[random.weighted(CATEGORIES.map(({ share }) => share))]!;
  const followers = Math.min(
    Math.round(random.logNormal(MEDIAN_FOLLOWERS, FOLLOWERS_SIGMA)),
    MAX_FOLLOWERS,
  );
  // Sales grow more slowly than followers do.
  const size = Math.sqrt((followers + 100) / MEDIAN_FOLLOWERS);
  return {
    category: category.name,
    followers,
    medianOrderMinor: Math.round(
      random.logNormal(category.medianOrderMinor, 0.4),
    ),
    refundShare: category.refundShare * random.between(0.6, 1.4),
    shelfOrdersPerDay: size * random.logNormal(4, 0.6),
    videoOrdersPerDay: size * random.logNormal(3, 0.8),
    liveOrdersPerHour: size * random.logNormal(5, 0.8),
    streamShare: random.between(0.15, 0.95),
    streamHour:
      STREAM_HOURS[random.weighted(STREAM_HOUR_WEIGHTS)]! + random.unit(),
    streamHours: Math.min(random.logNormal(2.5, 0.5), 8),
    videosPerDay: random.logNormal(0.7, 0.8),
    clipShare: random.chance(0.4) ? random.between(0.3, 1) : 0,
    adShare: random.chance(0.25) ? random.between(0.01, 0.08) : 0,
    autoPromotion: (['on', 'off', 'wavering'] as const)[
      random.weighted([0.75, 0.15, 0.1])
    ]!,
  };
}
