import {
  activityContract,
  activityData,
  readEvent,
  writeEvent,
  type ActivityCloudEvent,
  type ActivityData,
  type ActivityType,
  type CloudEvent,
} from '@app/contracts';
import type { TimedEvent } from './merchant-life.js';
import { world, type WorldOptions } from './world.js';

const SEED = 1;
const OPTIONS: WorldOptions = {
  epochMs: Date.parse('2026-11-11T00:00:00+08:00'),
  merchants: 40,
};
/** Some weeks of forty merchants. */
const MANY = 20_000;

describe('a world', () => {
  const timed = take(MANY);
  const events = timed.map(({ event }) => event);

  it('is the same byte for byte from the same seed and options', () => {
    expect(JSON.stringify(take(MANY))).toBe(JSON.stringify(timed));
  });

  it('is another from another seed', () => {
    expect(JSON.stringify(take(100, 2))).not.toBe(
      JSON.stringify(timed.slice(0, 100)),
    );
  });

  it('stays the same for all others with one merchant more', () => {
    const { merchants } = OPTIONS;
    const larger = take(MANY, SEED, { ...OPTIONS, merchants: merchants + 1 });
    const isOther = ({ event }: TimedEvent) =>
      !event.subject.startsWith(`m${merchants + 1}-`);
    const others = larger.filter(isOther);
    expect(others.length).toBeLessThan(MANY);
    expect(JSON.stringify(others)).toBe(
      JSON.stringify(timed.slice(0, others.length)),
    );
  });

  it('begins at its epoch and never goes back in time', () => {
    let lastMs = OPTIONS.epochMs;
    for (const { atMs, event } of timed) {
      expect(atMs).toBeGreaterThanOrEqual(lastMs);
      expect(Date.parse(event.time)).toBe(atMs);
      lastMs = atMs;
    }
  });

  it('gives every event an id of its own', () => {
    expect(new Set(events.map(({ id }) => id)).size).toBe(MANY);
  });

  it('shares no event and no merchant with a world that begins a second later', () => {
    const later = take(MANY, SEED, {
      ...OPTIONS,
      epochMs: OPTIONS.epochMs + 1_000,
    });
    const known = namesIn(timed);
    expect([...namesIn(later)].filter((name) => known.has(name))).toEqual([]);
  });

  it('says nothing that the contract refuses', () => {
    const refused = events
      .map((event) => readEvent(activityContract, onWire(event)))
      .filter(({ ok }) => !ok);
    expect(refused).toEqual([]);
  });

  it('has every type of event', () => {
    const types = new Set(events.map(({ type }) => type));
    expect([...types].sort()).toEqual(Object.keys(activityData).sort());
  });
});

describe('what happens in a world hangs together', () => {
  const timed = take(MANY);

  it('registers a merchant before anything else', () => {
    const seen = new Set<string>();
    for (const { event } of timed) {
      if (!seen.has(event.subject))
        expect(event.type).toBe('merchant.registered');
      seen.add(event.subject);
    }
  });

  it('refunds an order once, after it was paid, and no more than was paid', () => {
    const paid = byId('order.paid', ({ orderId }) => orderId);
    const refunds = ofType('order.refunded');
    expect(refunds.length).toBeGreaterThan(100);
    const refunded = new Set<string>();
    for (const { atMs, event } of refunds) {
      const { orderId, amountMinor } = event.data;
      const order = paid.get(orderId)!;
      expect(order.atMs).toBeLessThan(atMs);
      expect(order.event.subject).toBe(event.subject);
      expect(amountMinor).toBeLessThanOrEqual(order.event.data.amountMinor);
      expect(amountMinor).toBeGreaterThan(0);
      expect(refunded).not.toContain(orderId);
      refunded.add(orderId);
    }
  });

  it('ends a stream once, as long after its start as it says, before the next one', () => {
    const started = byId('live.started', ({ sessionId }) => sessionId);
    const ended = byId('live.ended', ({ sessionId }) => sessionId);
    expect(ended.size).toBeGreaterThan(100);
    const lastEndMs = new Map<string, number>();
    for (const [sessionId, { atMs, event }] of ended) {
      const startMs = started.get(sessionId)!.atMs;
      expect(atMs - startMs).toBe(event.data.durationSeconds * 1_000);
      expect(startMs).toBeGreaterThan(lastEndMs.get(event.subject) ?? 0);
      lastEndMs.set(event.subject, atMs);
    }
  });

  it('sells in streams that run, by videos that are published, and what is listed', () => {
    const started = byId('live.started', ({ sessionId }) => sessionId);
    const ended = byId('live.ended', ({ sessionId }) => sessionId);
    const videos = byId('video.published', ({ videoId }) => videoId);
    const products = byId('product.listed', ({ productId }) => productId);
    for (const { atMs, event } of ofType('order.paid')) {
      const { channel, sessionId, videoId, productId } = event.data;
      expect(sessionId !== undefined).toBe(channel === 'live');
      expect(videoId !== undefined).toBe(channel === 'short_video');
      if (sessionId !== undefined) {
        expect(started.get(sessionId)!.atMs).toBeLessThan(atMs);
        expect(ended.get(sessionId)?.atMs ?? Infinity).toBeGreaterThan(atMs);
      }
      if (videoId !== undefined)
        expect(videos.get(videoId)!.atMs).toBeLessThan(atMs);
      if (productId !== undefined)
        expect(products.get(productId)!.atMs).toBeLessThan(atMs);
    }
  });

  it('turns the switch only to where it is not', () => {
    const isOn = new Map<string, boolean>();
    for (const { event } of timed) {
      if (!event.type.startsWith('auto_promotion.')) continue;
      const on = event.type === 'auto_promotion.enabled';
      expect(isOn.get(event.subject) ?? false).toBe(!on);
      isOn.set(event.subject, on);
    }
  });

  function ofType<T extends ActivityType>(type: T): TimedOf<T>[] {
    return timed.filter(
      ({ event }) => event.type === type,
    ) as unknown as TimedOf<T>[];
  }

  function byId<T extends ActivityType>(
    type: T,
    idOf: (data: ActivityData<T>) => string,
  ): Map<string, TimedOf<T>> {
    return new Map(ofType(type).map((one) => [idOf(one.event.data), one]));
  }
});

interface TimedOf<T extends ActivityType> {
  atMs: number;
  event: CloudEvent<T, ActivityData<T>>;
}

function take(
  count: number,
  seed = SEED,
  options: WorldOptions = OPTIONS,
): TimedEvent[] {
  const events = world(seed, options);
  return Array.from({ length: count }, () => events.next().value);
}

function namesIn(timed: readonly TimedEvent[]): Set<string> {
  return new Set(timed.flatMap(({ event }) => [event.id, event.subject]));
}

function onWire(event: ActivityCloudEvent) {
  const { value, headers } = writeEvent(event);
  return { value: Buffer.from(value), headers };
}
