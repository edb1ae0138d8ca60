import type { Unit } from '@app/contracts';
import { isCash } from '@app/ledger';
import { parseEligibility } from '../eligibility.js';
import type { GoalFields, ProgramFields } from './program-schema.js';
import type {
  Expiry,
  Goal,
  Payout,
  Program,
  Reward,
  RewardAmount,
  Span,
  Tier,
} from '../program.js';
import { DAY_MS } from '../time/time-zone.js';

const HOUR_MS = 3_600_000;

const PROGRESS = {
  carriesOver: 'carries_over',
  startsAnew: 'starts_anew',
} as const;

/** @param file that has no disagreements */
export function toProgram(file: ProgramFields, definition: unknown): Program {
  const { program, version, title, timeZone, takeBack } = file;
  return {
    program,
    version,
    title,
    timeZone,
    window: file.window ? toSpan(file.window) : null,
    stages: file.stages.map(({ stage, ...span }) => ({
      stage,
      ...toSpan(span),
    })),
    startsAtMs: file.startsAt === undefined ? null : Date.parse(file.startsAt),
    progress: PROGRESS[file.progress],
    eligible:
      file.eligible === undefined ? null : parseEligibility(file.eligible),
    graceMs: file.graceHours === undefined ? null : file.graceHours * HOUR_MS,
    takeBack,
    pools: Object.fromEntries(
      Object.entries(file.pools).map(([unit, amount]) => [
        unit,
        BigInt(amount),
      ]),
    ),
    caps: file.caps.map(({ unit, amount, period }) => ({
      unit,
      amount: BigInt(amount),
      period,
    })),
    goals: file.goals.map(toGoal),
    definition,
  };
}

function toSpan({ from, until }: { from: string; until: string }): Span {
  return { fromMs: Date.parse(from), untilMs: Date.parse(until) };
}

function toGoal(file: GoalFields): Goal {
  const { goal, metric, channels, period, settlesAfterDays } = file;
  return {
    goal,
    metric,
    channels,
    period,
    secondsADay: toBigInt(file.secondsADay),
    settlesAfterMs:
      settlesAfterDays === undefined ? null : settlesAfterDays * DAY_MS,
    payout: toPayout(file),
  };
}

function toPayout({ tiers, highestTier, every, rate }: GoalFields): Payout {
  if (tiers) return { kind: 'tiers', tiers: tiers.map(toTier) };
  if (highestTier)
    return { kind: 'highest_tier', tiers: highestTier.map(toTier) };
  if (every)
    return {
      kind: 'every',
      every: BigInt(every.count),
      times: toBigInt(every.times),
      rewards: every.rewards.map(toReward),
    };
  if (rate)
    return {
      kind: 'rate',
      basisPoints: BigInt(rate.basisPoints),
      unit: rate.unit,
      atMost: toBigInt(rate.atMost),
      expiry: toExpiry(rate),
    };
  throw new Error('a goal without payout');
}

function toTier({
  tier,
  at,
  rewards,
}: NonNullable<GoalFields['tiers']>[number]): Tier {
  return { tier, at: BigInt(at), rewards: rewards.map(toReward) };
}

interface ExpiryFields {
  unit: Unit;
  expiresAfterDays?: number | undefined;
  expiresAt?: string | undefined;
}

interface RewardFields extends ExpiryFields {
  amount?: number | undefined;
  draw?: { from: number; to: number } | undefined;
  poolShare?: { partsPerMillion: number } | undefined;
}

function toReward(file: RewardFields): Reward {
  return {
    unit: file.unit,
    amount: toAmount(file),
    expiry: toExpiry(file),
  };
}

function toAmount({ amount, draw, poolShare }: RewardFields): RewardAmount {
  if (amount !== undefined) return { kind: 'fixed', amount: BigInt(amount) };
  if (draw)
    return { kind: 'draw', from: BigInt(draw.from), to: BigInt(draw.to) };
  if (poolShare)
    return {
      kind: 'pool_share',
      partsPerMillion: BigInt(poolShare.partsPerMillion),
    };
  throw new Error('a reward without amount');
}

function toExpiry({ unit, expiresAfterDays, expiresAt }: ExpiryFields) {
  if (isCash(unit)) return null;
  return expiresAt === undefined
    ? ({ kind: 'after', days: expiresAfterDays! } satisfies Expiry)
    : ({ kind: 'at', atMs: Date.parse(expiresAt) } satisfies Expiry);
}

function toBigInt(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}
