import type { SpendingPolicy } from '@app/promotion';
import { avoidablyExpired } from './avoidable-expiry.js';
import { BASELINES } from '../../spending/baselines/index.js';
import { byMerchant } from './by-merchant.js';
import { firstWeekSlots } from './first-week.js';
import { findOptima, type Optima } from './optima.js';
import type { Optimizer } from './optimum.js';
import type { Report } from './report.js';
import { runPolicy } from '../../spending/run-policy.js';
import type { Trace } from '../../spending/trace.js';

export interface Scoring {
  /** Policies by the names they get in the report; the first is the one that is scored. */
  policies: Readonly<Record<string, () => SpendingPolicy>>;
  optima: boolean;
}

/** Told how far work has come. */
export type OnProgress = (what: string, done: number, total: number) => void;

/** Runs the policies over a trace and says how they did. */
export function score(
  trace: Trace,
  { policies, optima: isWithOptima }: Scoring,
  optimizer: Optimizer,
  onProgress: OnProgress,
): Report {
  const merchants = byMerchant(trace);
  const runs = Object.entries(policies).map(([name, make]) => {
    const run = runPolicy(trace, make(), (done, total) =>
      onProgress(`spending, ${name}`, done, total),
    );
    return { name, run, gmvMinor: sum(run.gmvMinorBySlot) };
  });
  const scored = runs[0]!;
  const baselines = runs.slice(1).filter(({ name }) => name in BASELINES);
  const granted = sum(trace.lots.map(({ amount }) => amount));
  const expired = avoidablyExpired(trace, merchants, scored.run, optimizer);
  const report: Report = {
    merchants: trace.merchants.size,
    lots: trace.lots.length,
    slots: trace.slots.length,
    grantedImpressions: granted,
    gmvMinor: Object.fromEntries(
      runs.map(({ name, gmvMinor }) => [name, gmvMinor]),
    ),
    avoidableExpiryShare: granted === 0 ? 0 : expired / granted,
    decisionsPerSecond: Math.round(scored.run.decisionsPerSecond),
  };
  if (baselines.length > 0)
    report.ratioToBestBaseline = ratio(
      scored.gmvMinor,
      Math.max(...baselines.map(({ gmvMinor }) => gmvMinor)),
    );
  if (isWithOptima) addOptima();
  return report;

  function addOptima(): void {
    const found: Optima = findOptima(trace, merchants, optimizer, (done) =>
      onProgress('planning, merchants', done, merchants.size),
    );
    const isFirstWeek = firstWeekSlots(trace, merchants);
    const inFirstWeek = (gmvMinor: Float64Array) =>
      sum(gmvMinor.filter((_, place) => isFirstWeek[place]));
    const informed = sum(found.informed);
    const hindsight = sum(found.hindsight);
    report.gmvMinor.informed = Math.round(informed);
    report.gmvMinor.hindsight = Math.round(hindsight);
    report.ratioToInformed = ratio(scored.gmvMinor, informed);
    report.ratioToInformedFirstWeek = ratio(
      inFirstWeek(scored.run.gmvMinorBySlot),
      inFirstWeek(found.informed),
    );
    report.ratioToHindsight = ratio(scored.gmvMinor, hindsight);
  }
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Where there was nothing to earn, nothing was missed. */
function ratio(gmvMinor: number, toGmvMinor: number): number {
  return gmvMinor === toGmvMinor ? 1 : gmvMinor / toGmvMinor;
}
