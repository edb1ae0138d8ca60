import type { AutoPromotionLimits } from '@app/contracts';
import { OnlineSpending, type SpendingPolicy } from '@app/promotion';
import type { Outcome, RecordedHistory } from './recorded-merchant.js';
import { runPolicy } from './run-policy.js';
import type { Trace } from './trace.js';
import { UnderLimits } from './under-limits.js';

/** What is run instead of what runs. */
export interface Change {
  /** Makes one that knows nothing yet; left out where the policy stays as it is. */
  policy?: () => SpendingPolicy;
  /** Left out where those hold that the merchant had. */
  limits?: AutoPromotionLimits;
}

/** How policies do over the same history. */
export interface Comparison {
  merchants: number;
  lots: number;
  slots: number;
  /** Impressions that there were to spend: left at the beginning, or granted later. */
  spendable: number;
  ordersWithoutRoom: number;
  happened: Outcome;
  running: Outcome;
  changed: Outcome;
}

const running = () => new OnlineSpending();

/** Runs the running policy and a changed one over a merchant's history; each starts knowing nothing. */
export function whatIf(
  { trace, happened, ordersWithoutRoom, limitsAt }: RecordedHistory,
  { policy = running, limits }: Change,
  toMs: number,
): Comparison {
  return {
    merchants: 1,
    lots: trace.lots.length,
    slots: trace.slots.length,
    spendable: trace.lots.reduce((sum, { amount }) => sum + amount, 0),
    ordersWithoutRoom,
    happened,
    running: outcomeOf(trace, new UnderLimits(running(), limitsAt), toMs),
    changed: outcomeOf(
      trace,
      new UnderLimits(policy(), limits ? () => limits : limitsAt),
      toMs,
    ),
  };
}

/** Of no merchant. */
export function noComparison(): Comparison {
  return {
    merchants: 0,
    lots: 0,
    slots: 0,
    spendable: 0,
    ordersWithoutRoom: 0,
    happened: noOutcome(),
    running: noOutcome(),
    changed: noOutcome(),
  };
}

export function addComparisons(a: Comparison, b: Comparison): Comparison {
  return {
    merchants: a.merchants + b.merchants,
    lots: a.lots + b.lots,
    slots: a.slots + b.slots,
    spendable: a.spendable + b.spendable,
    ordersWithoutRoom: a.ordersWithoutRoom + b.ordersWithoutRoom,
    happened: addOutcomes(a.happened, b.happened),
    running: addOutcomes(a.running, b.running),
    changed: addOutcomes(a.changed, b.changed),
  };
}

function outcomeOf(trace: Trace, policy: SpendingPolicy, toMs: number) {
  const outcome = noOutcome();
  const run = runPolicy(trace, policy);
  trace.slots.forEach(({ placement }, slot) => {
    outcome.spent[placement] += run.impressionsBySlot[slot]!;
    outcome.gmvMinor += run.gmvMinorBySlot[slot]!;
  });
  trace.lots.forEach(({ expiresAtMs }, lot) => {
    outcome[expiresAtMs < toMs ? 'expired' : 'left'] += run.leftByLot[lot]!;
  });
  return outcome;
}

function noOutcome(): Outcome {
  return {
    spent: { live: 0, short_video: 0 },
    gmvMinor: 0,
    expired: 0,
    left: 0,
  };
}

function addOutcomes(a: Outcome, b: Outcome): Outcome {
  return {
    spent: {
      live: a.spent.live + b.spent.live,
      short_video: a.spent.short_video + b.spent.short_video,
    },
    gmvMinor: a.gmvMinor + b.gmvMinor,
    expired: a.expired + b.expired,
    left: a.left + b.left,
  };
}
