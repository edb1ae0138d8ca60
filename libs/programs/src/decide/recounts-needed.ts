import type { ActivityEvent } from '@app/contracts';
import type { CountedBatch, CountedEvent } from '../count/count.js';
import { mayCountOtherwise, type AirtimeChange } from '../count/on-air.js';
import { subjectKey } from '../count/subject.js';
import type { KnownProgress } from './open-rows.js';
import { NOT_STARTED, type PeriodProgress } from '../progress.js';

/**
 * The events of a batch after which what the merchant did is counted anew: flags on sessions and merchants, and starts and
 * ends of streams that come out of turn. The last to be loaded.
 *
 * @param progress the rows of {@link progressNeeded}
 */
export function recountsNeeded(
  { events }: CountedBatch,
  progress: KnownProgress,
): CountedEvent[] {
  const ahead = new StreamsCounted();
  return events.filter((counted) => {
    const { merchantId } = counted.event;
    const ofMerchant = progress.get(merchantId);
    ahead.take(counted);
    const otherwise = counted.airtimes.filter((airtime) => {
      const known = ofMerchant?.get(airtime.period.rowKey) ?? null;
      return mayCountOtherwise(airtime, ahead.over(merchantId, airtime, known));
    });
    for (const { period } of otherwise)
      ahead.countAnew(merchantId, period.rowKey);
    return isRecounted(counted.event) || otherwise.length > 0;
  });
}

/** What a batch has counted in streams by then, as far as {@link mayCountOtherwise} asks. */
class StreamsCounted {
  /** When the latest of it happened, by merchant and row. */
  readonly #lastMs = new Map<string, number>();

  take({ event: { merchantId }, changes }: CountedEvent): void {
    for (const { period, amount, atMs } of changes)
      if (atMs !== null)
        // What has only fallen does not say when anything was counted.
        this.#count(merchantId, period.rowKey, amount > 0 ? atMs : -Infinity);
  }

  /** What comes of it is not known yet. */
  countAnew(merchantId: string, row: string): void {
    this.#count(merchantId, row, Infinity);
  }

  #count(merchantId: string, row: string, atMs: number): void {
    const key = subjectKey(merchantId, row);
    this.#lastMs.set(key, Math.max(this.#lastMs.get(key) ?? -Infinity, atMs));
  }

  over(
    merchantId: string,
    { goal, period }: AirtimeChange,
    known: PeriodProgress | null,
  ): Pick<PeriodProgress, 'goals' | 'lastMs'> | null {
    const aheadMs = this.#lastMs.get(subjectKey(merchantId, period.rowKey));
    if (aheadMs === undefined) return known;
    const knownMs = known ? (known.lastMs ?? Infinity) : -Infinity;
    const lastMs = Math.max(knownMs, aheadMs);
    return {
      goals: [{ ...NOT_STARTED, goal: goal.goal.goal }],
      lastMs: lastMs === -Infinity ? null : lastMs,
    };
  }
}

/** Whether an event is a flag on a session or a merchant, after which all that the merchant did is counted anew. */
export function isRecounted(event: ActivityEvent): boolean {
  return event.type === 'risk.flagged' && event.data.target.kind !== 'order';
}
