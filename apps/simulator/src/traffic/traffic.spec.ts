import { Registry } from 'prom-client';
import type { ActivityCloudEvent, ActivityEvent } from '@app/contracts';
import type { EventPublisher } from '@app/contracts/kafkajs';
import { FastClock } from '../fast-clock.js';
import { SimulatorMetrics } from '../simulator.metrics.js';
import { world } from '../world/world.js';
import { Traffic } from './traffic.js';

const EPOCH_MS = Date.parse('2026-11-11T00:00:00+08:00');
const OPTIONS = { epochMs: EPOCH_MS, merchants: 20 };
/** An hour passes in a quarter of a second. */
const SPEED = 14_400;
const SOME = 200;

describe('traffic', () => {
  it("publishes a world's events in their order, leaving out none, though publishing fails at times", async () => {
    const publisher = new FlakyPublisher();
    const stopping = new AbortController();
    const running = new Traffic({
      events: world(1, OPTIONS),
      publisher,
      clock: new FastClock(EPOCH_MS, SPEED),
      metrics: new SimulatorMetrics(new Registry()),
    }).run(stopping.signal);
    await vi.waitUntil(() => publisher.events.length >= SOME, {
      timeout: 10_000,
    });
    stopping.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });

    const events = world(1, OPTIONS);
    for (const event of publisher.events)
      expect(event).toEqual(events.next().value.event);
  });

  it('publishes nothing before its time', async () => {
    const publisher = new FlakyPublisher();
    const stopping = new AbortController();
    const running = new Traffic({
      events: world(1, OPTIONS),
      publisher,
      clock: new FastClock(EPOCH_MS - 1_000_000_000_000, 0.1),
      metrics: new SimulatorMetrics(new Registry()),
    }).run(stopping.signal);
    setTimeout(() => stopping.abort(), 100);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(publisher.attempts).toBe(0);
  });
});

/** Fails every third time. */
class FlakyPublisher implements EventPublisher<ActivityEvent> {
  readonly events: ActivityCloudEvent[] = [];
  attempts = 0;

  publish(events: readonly ActivityCloudEvent[]): Promise<void> {
    this.attempts += 1;
    if (this.attempts % 3 === 1) return Promise.reject(new Error('away'));
    this.events.push(...events);
    return Promise.resolve();
  }
}
