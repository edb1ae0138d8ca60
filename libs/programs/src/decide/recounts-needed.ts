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
    const isNeeded =
      isRecounted(counted.event) ||
      counted.airtimes.some((airtime) => {
        const known = ofMerchant?.get(airtime.period.rowKey) ?? null;
        return mayCountOtherwise(
          airtime,
          ahead.over(merchantId, airtime, known),
        );
      });
    ahead.take(counted);
    return isNeeded;
  });
}

/** What a batch has counted in streams by then, as far as {@link mayCountOtherwise} asks. */
class StreamsCounted {
  /** When the latest event was, by merchant and row. */
  readonly #lastMs = new Map<string, number>();

  take({ event: { merchantId, occurredAtMs }, changes }: CountedEvent): void {
    for (const { goal, period } of changes) {
      if (!goal.countsOnAir) continue;
      const key = subjectKey(merchantId, period.rowKey);
      const lastMs = this.#lastMs.get(key) ?? -Infinity;
      this.#lastMs.set(key, Math.max(lastMs, occurredAtMs));
    }
  }

  over(
    merchantId: string,
    { goal, period }: AirtimeChange,
    known: PeriodProgress | null,
  ): Pick<PeriodProgress, 'goals' | 'lastMs'> | null {
    const aheadMs = this.#lastMs.get(subjectKey(merchantId, period.rowKey));
    if (aheadMs === undefined) return known;
    const knownMs = known ? (known.lastMs ?? Infinity) : -Infinity;
    return {
      goals: [{ ...NOT_STARTED, goal: goal.goal.goal }],
      lastMs: Math.max(knownMs, aheadMs),
    };
  }
}

/** Whether an event is a flag on a session or a merchant, after which all that the merchant did is counted anew. */
export function isRecounted(event: ActivityEvent): boolean {
  return event.type === 'risk.flagged' && event.data.target.kind !== 'order';
}
