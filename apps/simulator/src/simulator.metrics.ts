import { Counter, Gauge, type Registry } from 'prom-client';

/** What the simulator counts. */
export class SimulatorMetrics {
  readonly #published: Counter<'topic' | 'type'>;

  constructor(private readonly registry: Registry) {
    this.#published = new Counter({
      name: 'simulator_events_published_total',
      help: 'Events published',
      labelNames: ['topic', 'type'],
      registers: [registry],
    });
  }

  published(topic: string, events: readonly { type: string }[]): void {
    for (const { type } of events) this.#published.inc({ topic, type });
  }

  /** @param count answers how many orders are open now */
  countOpenOrders(count: () => number): void {
    new Gauge({
      name: 'simulator_promotion_orders_open',
      help: 'Promotion orders that are being delivered',
      registers: [this.registry],
      collect() {
        this.set(count());
      },
    });
  }
}
