import {
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { RetryOptions } from 'kafkajs';
import { Registry } from 'prom-client';
import {
  activityContract,
  deliveryContract,
  type ActivityEvent,
  type DeliveryEvent,
} from '@app/contracts';
import { EventProducer } from '@app/contracts/kafkajs';
import { createKafka, describeError, OperationsModule } from '@app/platform';
import { AdDelivery } from './ad-delivery/ad-delivery.js';
import { FastClock } from './fast-clock.js';
import { persist } from './persist.js';
import type { SimulatorConfiguration } from './simulator.configuration.js';
import { SimulatorMetrics } from './simulator.metrics.js';
import { Traffic } from './traffic/traffic.js';
import { world } from './world/world.js';

/** Who publishes tries again without end, and says so: kafkajs need not. */
const IMPATIENT: RetryOptions = {};

/** What runs, made in one place: the parts share a clock and the metrics. */
class Simulation {
  readonly #logger = new Logger(Simulation.name);
  readonly #activity: EventProducer<ActivityEvent>;
  readonly #delivery: EventProducer<DeliveryEvent>;
  readonly #traffic: Traffic | null;
  readonly adDelivery: AdDelivery;

  constructor(configuration: SimulatorConfiguration, registry: Registry) {
    const brokers = configuration.KAFKA_BROKERS;
    const publishing = createKafka('simulator', brokers, IMPATIENT);
    this.#activity = new EventProducer(publishing, activityContract);
    this.#delivery = new EventProducer(publishing, deliveryContract);
    const clock = new FastClock(
      configuration.SIMULATOR_EPOCH,
      configuration.SIMULATOR_SPEED,
    );
    const metrics = new SimulatorMetrics(registry);
    const seed = configuration.SIMULATOR_SEED;
    this.adDelivery = new AdDelivery({
      kafka: createKafka('simulator', brokers),
      publisher: this.#delivery,
      clock,
      seed,
      metrics,
    });
    this.#traffic = configuration.SIMULATOR_TRAFFIC
      ? new Traffic({
          events: world(seed, {
            epochMs: configuration.SIMULATOR_EPOCH,
            merchants: configuration.SIMULATOR_MERCHANTS,
          }),
          publisher: this.#activity,
          clock,
          metrics,
        })
      : null;
  }

  /**
   * Runs until the signal aborts.
   *
   * @throws Error where a part has given up
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await persist(
        () => this.#connect(),
        signal,
        (error, delayMs) =>
          this.#logger.warn(
            `${describeError(error)}; trying again in ${delayMs} ms`,
          ),
      );
      await Promise.all([
        this.adDelivery.run(signal),
        this.#traffic?.run(signal),
      ]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await Promise.all([
        this.#activity.disconnect(),
        this.#delivery.disconnect(),
      ]);
    }
  }

  async #connect(): Promise<void> {
    await this.#delivery.connect();
    if (this.#traffic) await this.#activity.connect();
  }
}

/** A day of merchants, and a stand-in for the ad-delivery service. */
@Module({})
export class SimulatorModule
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly simulation: Simulation) {}

  static forRoot(configuration: SimulatorConfiguration): DynamicModule {
    const simulation = {
      provide: Simulation,
      inject: [Registry],
      useFactory: (registry: Registry) =>
        new Simulation(configuration, registry),
    };
    return {
      module: SimulatorModule,
      global: true,
      providers: [simulation],
      exports: [Simulation],
      imports: [
        OperationsModule.forRoot({
          inject: [Simulation],
          useFactory: ({ adDelivery }: Simulation) => [
            { name: 'consumer', check: () => adDelivery.checkJoined() },
          ],
        }),
      ],
    };
  }

  /** Nothing awaits the run: where it fails, the process ends and says so. */
  onApplicationBootstrap(): void {
    this.#running = this.simulation.run(this.#stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#running.catch(() => undefined);
  }
}
