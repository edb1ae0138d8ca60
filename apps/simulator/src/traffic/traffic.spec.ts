import { Registry } from 'prom-client';
import { activityContract, readEvent, TOPICS } from '@app/contracts';
import type { Broker, OutgoingMessage } from '@app/streaming';
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
  it("publishes a world's events in their order, leaving out none, though the broker is away at times", async () => {
    const broker = new FlakyBroker();
    const stopping = new AbortController();
    const running = new Traffic({
      events: world(1, OPTIONS),
      broker,
      clock: new FastClock(EPOCH_MS, SPEED),
      metrics: new SimulatorMetrics(new Registry()),
    }).run(stopping.signal);
    await vi.waitUntil(() => broker.messages.length >= SOME, {
      timeout: 10_000,
    });
    stopping.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });

    const events = world(1, OPTIONS);
    for (const message of broker.messages) {
      const { event } = events.next().value;
      expect(message).toMatchObject({
        topic: TOPICS.activity,
        key: event.subject,
        value: JSON.stringify(event),
      });
      expect(readEvent(activityContract, onWire(message)).ok).toBe(true);
    }
  });

  it('publishes nothing before its time', async () => {
    const broker = new FlakyBroker();
    const stopping = new AbortController();
    const running = new Traffic({
      events: world(1, OPTIONS),
      broker,
      clock: new FastClock(EPOCH_MS - 1_000_000_000_000, 0.1),
      metrics: new SimulatorMetrics(new Registry()),
    }).run(stopping.signal);
    setTimeout(() => stopping.abort(), 100);
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(broker.attempts).toBe(0);
  });
});

/** Fails every third time. */
class FlakyBroker implements Broker {
  readonly messages: OutgoingMessage[] = [];
  attempts = 0;

  publish(messages: readonly OutgoingMessage[]): Promise<void> {
    this.attempts += 1;
    if (this.attempts % 3 === 1) return Promise.reject(new Error('away'));
    this.messages.push(...messages);
    return Promise.resolve();
  }
}

function onWire({ value }: OutgoingMessage) {
  return {
    value: Buffer.from(value!),
    headers: { 'content-type': 'application/cloudevents+json' },
  };
}
