import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Channel, Unit } from '@app/contracts';
import type { Eligibility } from './eligibility.js';

/** A published, versioned set of goals and rewards, as its file states it. Deeply frozen. */
export interface Program {
  program: string;
  version: number;
  title: { zh: string; en: string };
  /** IANA name: where days, weeks and months begin. */
  timeZone: string;
  /** What happens from `fromMs` up to, not including, `untilMs` counts; all of it where it is null. */
  window: Span | null;
  /** Named parts of the window, in order and apart from each other; goals over `stage` count in them alone. */
  stages: readonly Stage[];
  /** From when this version holds, in the place of the one before: milliseconds since the epoch. Null: ever since. */
  startsAtMs: number | null;
  /** Whether progress goes on from the version before, or starts anew. */
  progress: 'carries_over' | 'starts_anew';
  /** Who is rewarded; everybody where it is null. */
  eligible: Eligibility | null;
  /** How long after its period's end an event is still counted; null for as long as activity from then is kept. */
  graceMs: number | null;
  takeBack: TakeBackRule;
  /** The budget by unit, over all shards. */
  pools: Readonly<Partial<Record<Unit, bigint>>>;
  /** What a merchant gets of a unit at most, over all goals. */
  caps: readonly Cap[];
  goals: readonly Goal[];
  /** What the file says, as plain JSON and without the defaults. */
  definition: unknown;
}

export interface Span {
  /** Milliseconds since the epoch. */
  fromMs: number;
  /** Milliseconds since the epoch; the first that is no longer in it. */
  untilMs: number;
}

export interface Stage extends Span {
  stage: string;
}

/**
 * What happens to what was paid when the metric falls again: it stays, it is taken back as far as it is no longer
 * earned, or all that the goal paid in the period is taken back and the goal is closed for it.
 */
export const TAKE_BACKS = ['never', 'difference', 'all'] as const;
export type TakeBack = (typeof TAKE_BACKS)[number];

export interface TakeBackRule {
  refunds: TakeBack;
  flags: TakeBack;
  /** From when a flagged merchant or session stops counting: from the flag's own time, or from its start. */
  flaggedFrom: 'flag' | 'start';
}

/** At most `amount` of a unit a merchant, over all goals and one period of the kind. */
export interface Cap {
  unit: Unit;
  amount: bigint;
  period: CapPeriod;
}

export const CAP_PERIODS = ['day', 'week', 'month', 'lifetime'] as const;
export type CapPeriod = (typeof CAP_PERIODS)[number];

export interface Goal {
  goal: string;
  metric: Metric;
  /** Where orders and followers come from; of no account to other metrics. */
  channels: readonly Channel[];
  period: PeriodKind;
  /** From how many seconds on a day counts as one of live streaming; null for metrics that count no days. */
  secondsADay: bigint | null;
  /**
   * How long after the period's end it is decided and paid, with all refunds until then taken in; null where each
   * event pays at once.
   */
  settlesAfterMs: number | null;
  payout: Payout;
}

/**
 * What is counted. Money in fen. `orders`, `gmvMinor`: what was paid and not refunded. `returns`: orders with a
 * refund, at the time of the first. `shoppableVideos`, `clips`, `productsListed`: different ones. `liveDays`: days with at least `secondsADay` seconds on air; `liveDayStreak`: the
 * longest run of them. `firstStream`, `firstSale`: 1 in the period in which it was.
 */
export const METRICS = [
  'orders',
  'gmvMinor',
  'returns',
  'liveSeconds',
  'liveDays',
  'liveDayStreak',
  'followers',
  'shoppableVideos',
  'clips',
  'productsListed',
  'adsSpentMinor',
  'firstStream',
  'firstSale',
] as const;
export type Metric = (typeof METRICS)[number];

/** Metrics made of the seconds on air of each day. */
export const DAY_METRICS: readonly Metric[] = ['liveDays', 'liveDayStreak'];

/** Metrics that come by a channel. */
export const CHANNEL_METRICS: readonly Metric[] = [
  'orders',
  'gmvMinor',
  'followers',
];

/** Metrics of what belongs to a session. */
export const SESSION_METRICS: readonly Metric[] = [
  'orders',
  'gmvMinor',
  'liveSeconds',
  'followers',
  'firstStream',
];

/** Metrics of what happens once to a merchant. */
export const ONCE_METRICS: readonly Metric[] = ['firstStream', 'firstSale'];

export const PERIOD_KINDS = [
  'session',
  'day',
  'week',
  'month',
  'stage',
  'window',
  'lifetime',
] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** What a goal pays for a value of its metric. */
export type Payout =
  /** Each tier that is reached, once a period: they add up. Thresholds ascend. */
  | { kind: 'tiers'; tiers: readonly Tier[] }
  /** The highest tier reached: a higher one pays what it is more than what was paid before. */
  | { kind: 'highest_tier'; tiers: readonly Tier[] }
  /** The rewards for every `every` of the metric, at most `times` a period; without end where it is null. */
  | {
      kind: 'every';
      every: bigint;
      times: bigint | null;
      rewards: readonly Reward[];
    }
  /** So many basis points of the metric, rounded once, half to even; at most `atMost` a period. */
  | {
      kind: 'rate';
      basisPoints: bigint;
      unit: Unit;
      atMost: bigint | null;
      expiry: Expiry | null;
    };

/** Whether each tier is paid by itself, and known by its name. */
export function isTiered({ payout }: Pick<Goal, 'payout'>): boolean {
  return payout.kind === 'tiers';
}

export interface Tier {
  tier: string;
  /** Reached where the metric is at least this. */
  at: bigint;
  rewards: readonly Reward[];
}

/** One lot of one unit, or cash. */
export interface Reward {
  unit: Unit;
  amount: RewardAmount;
  /** Null for cash, which does not expire. */
  expiry: Expiry | null;
}

export type RewardAmount =
  | { kind: 'fixed'; amount: bigint }
  /** From `from` to `to`, both included, drawn once a merchant and period. */
  | { kind: 'draw'; from: bigint; to: bigint }
  /** Parts per million of the program's pool in the unit, as it was published; rounded down, at least 1. */
  | { kind: 'pool_share'; partsPerMillion: bigint };

export type Expiry =
  /** Days of 24 hours after what decided the grant. */
  | { kind: 'after'; days: number }
  /** Milliseconds since the epoch. */
  | { kind: 'at'; atMs: number };

/**
 * SHA-256, in hex, of the program's file as canonical JSON (RFC 8785). Of what the file says and not of what
 * we make of it: an auditor computes it with any YAML reader, and a default that a later release adds does
 * not change a version that is already published.
 */
export function programHash({
  definition,
}: Pick<Program, 'definition'>): string {
  return createHash('sha256').update(canonicalize(definition)!).digest('hex');
}
