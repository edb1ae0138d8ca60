import type { GrantRule } from './grant-rules.js';
import type { InfluenceSource } from './influence.js';

/** A world is a set of numbers, which one generator of merchants reads. Medians are over merchants. */
export interface TraceWorld {
  /** As the command names it. */
  name: string;
  /** One line for `--help`. */
  summary: string;
  /** Midnight in Asia/Shanghai at which a trace of so many days begins. */
  startMs: (days: number) => number;
  /** Who is there from the first hours on, and by what share of the trace the last of the others joins. */
  joining: { earlyShare: number; lastAt: number };
  live: {
    /** Impressions that the median merchant's stream takes in an average hour. */
    roomPerHour: number;
    /** Orders a thousand impressions of the median merchant, before categories' prices. */
    ordersPerThousand: number;
    /** Multiplies how often merchants go live. */
    often: number;
  };
  video: {
    /** Impressions that a new video of the median merchant takes in an average hour. */
    roomPerHour: number;
    ordersPerThousand: number;
    /** Multiplies how many videos merchants publish. */
    often: number;
    /** Length of a slot. */
    slotHours: number;
    /** After so many days the median video takes 1/e of what it took at first. */
    lifeDays: number;
    /** Spread of the logarithm of what videos of one merchant bring. */
    qualitySigma: number;
  };
  /** Impressions an hour: with less, no slot is worth a promotion order. */
  leastRoomPerHour: number;
  /** How much the room follows the hour: 0 not at all, 1 as shoppers are awake, more is a sharper peak. */
  diurnality: number;
  /** Spread of the logarithm of the noise of slots. */
  noiseSigma: number;
  grants: readonly GrantRule[];
  /** What happens to all merchants alike. */
  weather: readonly InfluenceSource[];
  /** What happens to each merchant by themselves. */
  fates: readonly InfluenceSource[];
}
