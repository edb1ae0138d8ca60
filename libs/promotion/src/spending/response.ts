import type { Placement } from '@app/contracts';
import { averageRateShare, averageRateSlope } from './depth.js';
import { learnFrom, sumOf, type Effect, type Term } from './effect.js';
import {
  DAY_MS,
  dayOfWeek,
  HOUR_MS,
  hourOfDay,
  localHour,
} from './local-time.js';
import {
  knownCategory,
  type Effects,
  type MerchantMemory,
  type SharedMemory,
  type TargetMemory,
} from './memory.js';
import { readReport } from './report.js';
import type { Slot, SlotOutcome, TargetKind } from './spending-policy.js';

/**
 * How much merchants, hours, weekdays, targets and so on may differ, as variances of natural logarithms of rates:
 * taken from how much sales differ in practice, not from any one world.
 */
export const VARIANCE = {
  placement: 4,
  category: 0.3,
  hour: 0.2,
  weekday: 0.03,
  age: 0.1,
  clipKind: 0.1,
  merchant: 0.5,
  merchantPlacement: 0.25,
  merchantHour: 0.06,
  merchantWeekday: 0.01,
  target: { session: 0.15, video: 0.4, clip: 0.4 },
  steepness: 0.3,
};
export const LEAST_SHARED_VARIANCE = 0.0006;
export const LEAST_OWN_VARIANCE = 0.004;
export const LEAST_STEEPNESS_VARIANCE = 0.0003;
/** What is known of a merchant grows old by so much with each report. */
export const DRIFT = 0.004;
/** And of a target with each hour, as variance: so that it comes to a factor of 1.25 in a day. */
export const TARGET_DRIFT_PER_HOUR = 0.002;
/** GMV of 30 yuan per thousand impressions. */
export const FIRST_LOG_RATE = Math.log(3_000);
export const FIRST_LOG_STEEPNESS = Math.log(2);
/** How much steeper; see {@link spendingSteepnessOf}. */
export const HEDGE = 1.3;
/** What was not there for so long has ended. */
export const TARGET_ENDED_MS = 3 * DAY_MS;
export const MAX_TARGETS = 400;
/** A report that lies further off counts as one at so many standard deviations. */
export const MOST_DEVIATIONS = 3;
export const NOISE_GAIN = 0.002;
export const LEAST_NOISE = 0.02;
/** What is taken for the value of a merchant's orders while there are none, and how many of theirs it counts for. */
export const FIRST_ORDER_VALUE_MINOR = 6_000;
export const PRIOR_ORDERS = 3;

/** What is believed of the GMV in fen per thousand impressions of the first impression of a slot. */
export interface RateBelief {
  /** Natural logarithms. */
  mean: number;
  variance: number;
  /** What of it is the merchant's and the placement's, whatever the hour and the target. */
  level: number;
}

export function believeRate(
  slot: Slot,
  merchant: MerchantMemory,
  shared: SharedMemory,
): RateBelief {
  const target = targetOf(slot, merchant);
  const { mean, variance } = sumOf(termsOf(slot, target, merchant, shared));
  const { placement, targetKind } = slot;
  return {
    mean,
    variance,
    level: levelOf(merchant, shared, placement, targetKind),
  };
}

/** The part of {@link believeRate} that a merchant's slots of a placement share. */
export function levelOf(
  { category, effects }: MerchantMemory,
  shared: SharedMemory,
  placement: Placement,
  kind: TargetKind = placement === 'live' ? 'session' : 'video',
): number {
  return (
    (shared.effects[`${placement}/${kind}`]?.mean ?? FIRST_LOG_RATE) +
    (shared.effects[categoryName(shared, category, placement)]?.mean ?? 0) +
    (effects['all']?.mean ?? 0) +
    (effects[placement]?.mean ?? 0)
  );
}

/**
 * How steeply rates are taken to fall where a slot is filled: steeper than they do. Who is wrong about a slot is so for
 * less of the traffic if it is spread over more slots.
 */
export function spendingSteepnessOf(
  shared: SharedMemory,
  placement: Placement,
): number {
  return HEDGE * Math.exp(steepnessEffect(shared, placement).mean);
}

/** Learns from what a slot brought. The memories are changed in place. */
export function learnResponse(
  slot: Slot,
  outcome: SlotOutcome,
  merchant: MerchantMemory,
  shared: SharedMemory,
): void {
  const { impressions, gmvMinor, orders = 0 } = outcome;
  if (impressions <= 0) return;
  const { placement } = slot;
  const target = targetOf(slot, merchant);
  target.isReported = true;
  const terms = termsOf(slot, target, merchant, shared);
  const steepness = steepnessEffect(shared, placement);
  const fraction = Math.min(1, impressions / slot.capacity);
  const believed = sumOf(terms);
  const logRate =
    believed.mean +
    Math.log(averageRateShare(fraction, Math.exp(steepness.mean)));
  const { surprise, variance } = readReport(
    outcome,
    (Math.exp(logRate) * impressions) / 1_000,
    orderValueOf(merchant),
  );
  merchant.orders += orders;
  if (orders > 0) merchant.gmvMinor += gmvMinor;
  const noise = shared.noise[placement];
  const total = noise + believed.variance + variance;
  const most = MOST_DEVIATIONS * Math.sqrt(total);
  // Also what hardly ever happens says something of the noise; but one report is not to drown all others of the shard.
  const unexplained =
    clamp(surprise, MOST_DEVIATIONS * most) ** 2 - believed.variance - variance;
  // What hardly any order stands for says nothing of the noise.
  if (variance < noise)
    shared.noise[placement] +=
      NOISE_GAIN * (Math.max(LEAST_NOISE, unexplained) - noise);
  for (const name of ['all', placement]) {
    const effect = merchant.effects[name];
    if (effect) effect.variance *= 1 + DRIFT;
  }
  learnFrom(
    [
      ...terms,
      {
        effect: steepness,
        weight: averageRateSlope(fraction, Math.exp(steepness.mean)),
        leastVariance: LEAST_STEEPNESS_VARIANCE,
      },
    ],
    clamp(surprise, most),
    shared.noise[placement] + variance,
  );
}

/** Whether a report has told of the slot's target. */
export function isReported(
  { targetId }: Slot,
  { targets }: MerchantMemory,
): boolean {
  return targets.some(
    (target) => target.targetId === targetId && target.isReported,
  );
}

/** What an order of a merchant pays in the mean, in fen; of few orders it says little. */
function orderValueOf({ orders, gmvMinor }: MerchantMemory): number {
  return (
    (gmvMinor + PRIOR_ORDERS * FIRST_ORDER_VALUE_MINOR) /
    (orders + PRIOR_ORDERS)
  );
}

/** All that is taken to move the rate of a slot. Effects not known yet are made. */
function termsOf(
  slot: Slot,
  target: TargetMemory,
  merchant: MerchantMemory,
  shared: SharedMemory,
): Term[] {
  const { placement, targetKind, clipKind, atMs } = slot;
  const hour = localHour(atMs);
  const hourName = `${placement}/hour/${hourOfDay(hour)}`;
  const weekdayName = `${placement}/weekday/${dayOfWeek(hour)}`;
  const { effects: all } = shared;
  const { effects: own } = merchant;
  return [
    sharedTerm(
      all,
      `${placement}/${targetKind}`,
      VARIANCE.placement,
      FIRST_LOG_RATE,
    ),
    sharedTerm(
      all,
      categoryName(shared, merchant.category, placement),
      VARIANCE.category,
    ),
    sharedTerm(all, hourName, VARIANCE.hour),
    sharedTerm(all, weekdayName, VARIANCE.weekday),
    sharedTerm(all, `${targetKind}/age/${ageOf(target, atMs)}`, VARIANCE.age),
    ...(clipKind === undefined
      ? []
      : [sharedTerm(all, `short_video/clip/${clipKind}`, VARIANCE.clipKind)]),
    ownTerm(own, 'all', VARIANCE.merchant),
    ownTerm(own, placement, VARIANCE.merchantPlacement),
    ownTerm(own, hourName, VARIANCE.merchantHour),
    ownTerm(own, weekdayName, VARIANCE.merchantWeekday),
    { effect: target.effect, weight: 1, leastVariance: LEAST_OWN_VARIANCE },
  ];
}

function categoryName(
  shared: SharedMemory,
  category: string,
  placement: Placement,
): string {
  return `${placement}/category/${knownCategory(shared, category, placement)}`;
}

function sharedTerm(
  effects: Effects,
  name: string,
  variance: number,
  mean = 0,
): Term {
  return {
    effect: effectOf(effects, name, variance, mean),
    weight: 1,
    leastVariance: LEAST_SHARED_VARIANCE,
  };
}

function ownTerm(effects: Effects, name: string, variance: number): Term {
  return {
    effect: effectOf(effects, name, variance),
    weight: 1,
    leastVariance: LEAST_OWN_VARIANCE,
  };
}

function targetOf(slot: Slot, merchant: MerchantMemory): TargetMemory {
  const { targetId, targetKind, atMs, untilMs } = slot;
  let target = merchant.targets.find((known) => known.targetId === targetId);
  if (!target) {
    target = {
      targetId,
      effect: { mean: 0, variance: VARIANCE.target[targetKind] },
      sinceMs: atMs,
      lastMs: untilMs,
      isReported: false,
    };
    merchant.targets = merchant.targets.filter(
      ({ lastMs }) => lastMs >= atMs - TARGET_ENDED_MS,
    );
    if (merchant.targets.length >= MAX_TARGETS) forgetOne(merchant.targets);
    merchant.targets.push(target);
  }
  growOld(target, slot);
  return target;
}

/** Up to the end of a slot: what was known of the target counts for less. */
function growOld(target: TargetMemory, { targetKind, untilMs }: Slot): void {
  const { effect, lastMs } = target;
  const hours = Math.max(0, untilMs - lastMs) / HOUR_MS;
  effect.variance = Math.min(
    VARIANCE.target[targetKind],
    effect.variance + TARGET_DRIFT_PER_HOUR * hours,
  );
  target.lastMs = Math.max(lastMs, untilMs);
}

/** The one that was not there for longest. */
function forgetOne(targets: TargetMemory[]): void {
  let longest = 0;
  for (let index = 1; index < targets.length; index += 1) {
    if (targets[index]!.lastMs < targets[longest]!.lastMs) longest = index;
  }
  targets.splice(longest, 1);
}

/** Ages count on a scale that doubles: 3, 9, 21, 45 hours and so on. */
function ageOf({ sinceMs }: TargetMemory, atMs: number): number {
  const hours = Math.max(0, atMs - sinceMs) / HOUR_MS;
  return Math.min(10, Math.floor(Math.log2(1 + hours / 3)));
}

function steepnessEffect({ effects }: SharedMemory, placement: Placement) {
  return effectOf(
    effects,
    `${placement}/steepness`,
    VARIANCE.steepness,
    FIRST_LOG_STEEPNESS,
  );
}

function effectOf(
  effects: Effects,
  name: string,
  variance: number,
  mean = 0,
): Effect {
  return (effects[name] ??= { mean, variance });
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
