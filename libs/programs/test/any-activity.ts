import fc from 'fast-check';
import type { ActivityData, ActivityEvent, ActivityType } from '@app/contracts';
import { anyCareer, type Career } from './any-career.js';
import { SECOND_MS } from './any-time.js';

/**
 * All that a few merchants do, by its time. A session starts and ends once at most. No two payments, streams, videos
 * or products of a merchant begin at the same time: which of them is the first would be a matter of taste.
 */
export const anyActivity: fc.Arbitrary<ActivityEvent[]> = fc
  .tuple(anyCareer, anyCareer, fc.option(anyCareer))
  .map((careers) =>
    inTimeOrder(
      careers.flatMap((career, i) =>
        career ? eventsOf(`m${i + 1}`, career) : [],
      ),
    ),
  );

export function shuffled<Event>(
  events: readonly Event[],
): fc.Arbitrary<Event[]> {
  return fc.shuffledSubarray([...events], { minLength: events.length });
}

/** The same events, some of them once more, at any place. */
export function repeated<Event>(
  events: readonly Event[],
): fc.Arbitrary<Event[]> {
  return fc.subarray([...events]).chain((again) =>
    fc
      .array(fc.nat({ max: events.length }), {
        minLength: again.length,
        maxLength: again.length,
      })
      .map((places) =>
        again.reduce(
          (all, event, i) => all.toSpliced(places[i]!, 0, event),
          [...events],
        ),
      ),
  );
}

/** At one time in the order in which they stand. */
export function inTimeOrder(events: readonly ActivityEvent[]): ActivityEvent[] {
  return events.toSorted((a, b) => a.occurredAtMs - b.occurredAtMs);
}

/** By their time and without refunds and flags, so that no metric falls. */
export function onlyRising(events: readonly ActivityEvent[]): ActivityEvent[] {
  return inTimeOrder(events).filter(
    ({ type }) => type !== 'order.refunded' && type !== 'risk.flagged',
  );
}

function eventsOf(merchantId: string, career: Career): ActivityEvent[] {
  const events: ActivityEvent[] = [];
  const add = <Type extends ActivityType>(
    type: Type,
    occurredAtMs: number,
    data: ActivityData<Type>,
  ): void => {
    const id = `${merchantId} ${type} ${events.length}`;
    const event = { source: '/any', id, type, merchantId, occurredAtMs, data };
    events.push(event as ActivityEvent);
  };
  const apart = moments();

  if (career.registered) {
    const { atMs, category, followers } = career.registered;
    add('merchant.registered', apart(atMs), { category, followers });
  }
  career.sessions.forEach((session, i) => {
    const sessionId = `s${i + 1}`;
    const { durationSeconds, heardOf, followers } = session;
    const startMs = apart(session.startMs);
    const endMs = startMs + durationSeconds * SECOND_MS;
    if (heardOf !== 'end')
      add('live.started', startMs, { sessionId, followers });
    // Where nobody heard of the start, it is told by the end.
    const noticedMs =
      heardOf === 'end' ? 0 : session.noticedAfterSeconds * SECOND_MS;
    if (heardOf !== 'start')
      add('live.ended', endMs + noticedMs, { sessionId, durationSeconds });
  });
  career.orders.forEach(({ payments, refunds }, i) => {
    const orderId = `o${i + 1}`;
    for (const { atMs, amountMinor, origin, product } of payments)
      add('order.paid', apart(atMs), {
        orderId,
        amountMinor,
        ...origin,
        ...product,
      });
    for (const { atMs, data } of refunds)
      add('order.refunded', atMs, { orderId, ...data });
  });
  for (const { atMs, count, origin } of career.followers)
    add('follower.gained', atMs, { count, ...origin });
  for (const { atMs, videoId } of career.videos)
    add('video.published', apart(atMs), { videoId, ...VIDEOS[videoId]! });
  for (const { atMs, productId } of career.products)
    add('product.listed', apart(atMs), { productId });
  for (const { atMs, amountMinor } of career.ads)
    add('ads.spent', atMs, { amountMinor });
  for (const { atMs, kind, number } of career.flags)
    add('risk.flagged', atMs, {
      target: targetOf(merchantId, kind, number),
      reason: 'any',
    });
  for (const atMs of career.switchedMs)
    add('auto_promotion.enabled', atMs, { by: 'any' });
  return events;
}

/** What a video is, however often it is published. */
const VIDEOS: Record<
  string,
  Pick<ActivityData<'video.published'>, 'shoppable' | 'clip'>
> = {
  v1: { shoppable: true },
  v2: { shoppable: true, clip: { sessionId: 's1', kind: 'highlight' } },
  v3: { shoppable: false, clip: { sessionId: 's2', kind: 'teaser' } },
  v4: { shoppable: false },
};

function targetOf(
  merchantId: string,
  kind: string,
  number: number,
): ActivityData<'risk.flagged'>['target'] {
  if (kind === 'order') return { kind, id: `o${number}` };
  if (kind === 'session') return { kind, id: `s${number}` };
  return { kind: 'merchant', id: merchantId };
}

/** Puts off what would happen at the same time as something before. */
function moments(): (atMs: number) => number {
  const taken = new Set<number>();
  return (atMs) => {
    let free = atMs;
    while (taken.has(free)) free += SECOND_MS;
    taken.add(free);
    return free;
  };
}
