import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Channel, Unit } from '@app/contracts';

/** A published, versioned set of goals and rewards, as its file states it. Deeply frozen. */
export interface Program {
  program: string;
  version: number;
  title: { zh: string; en: string };
  /** IANA name: where days, weeks and months begin. */
  timeZone: string;
  /** Orders paid from `fromMs` up to, not including, `untilMs` count; all of them where it is null. */
  window: { fromMs: number; untilMs: number } | null;
  /** The budget by unit, over all shards. */
  pools: Readonly<Partial<Record<Unit, bigint>>>;
  goals: readonly Goal[];
  /** What the file says, as plain JSON and without the defaults. */
  definition: unknown;
}

export interface Goal {
  goal: string;
  metric: Metric;
  channels: readonly Channel[];
  period: PeriodKind;
  /** Each is paid once a period; they add up. Thresholds ascend. */
  tiers: readonly Tier[];
}

export const METRICS = ['orders', 'gmvMinor'] as const;
export type Metric = (typeof METRICS)[number];

export const PERIOD_KINDS = ['day', 'week', 'month', 'window'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

export interface Tier {
  tier: string;
  /** Reached where the metric is at least this. */
  at: bigint;
  rewards: readonly Reward[];
}

/** One lot of one unit, or cash. */
export interface Reward {
  unit: Unit;
  amount: bigint;
  /** Days of 24 hours after the event that earned it; null for cash, which does not expire. */
  expiresAfterDays: number | null;
}

/**
 * SHA-256, in hex, of the program's file as canonical JSON (RFC 8785). Of what the file says and not of what
 * we make of it: an auditor computes it with any YAML reader, and a default that a later release adds does
 * not change a version that is already published.
 */
export function programHash({ definition }: Program): string {
  return createHash('sha256').update(canonicalize(definition)!).digest('hex');
}
