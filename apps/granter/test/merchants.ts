import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import {
  anyActivity,
  inTimeOrder,
} from '../../../libs/programs/test/any-activity.js';

/**
 * What a few merchants do, by its time.
 *
 * @param seed the same every time
 * @param laterMs by how much later than 2024 all of it happens
 */
export function activityOf(seed: number, laterMs = 0): ActivityEvent[] {
  const samples = fc.sample(anyActivity, { seed, numRuns: 4 });
  return inTimeOrder(
    samples.flatMap((events, i) =>
      events.map((event) => ofAnother(event, `-${i}`, laterMs)),
    ),
  );
}

/** The same event of another merchant, later. */
function ofAnother(
  event: ActivityEvent,
  suffix: string,
  laterMs: number,
): ActivityEvent {
  const merchantId = `${event.merchantId}${suffix}`;
  const other = {
    ...event,
    id: `${event.id}${suffix}`,
    merchantId,
    occurredAtMs: event.occurredAtMs + laterMs,
  };
  if (other.type !== 'risk.flagged') return other;
  const { target } = other.data;
  return target.kind === 'merchant'
    ? {
        ...other,
        data: { ...other.data, target: { ...target, id: merchantId } },
      }
    : other;
}
