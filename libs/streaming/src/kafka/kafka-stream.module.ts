import {
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import {
  KafkaBatchStrategy,
  type KafkaBatchOptions,
} from './kafka-batch.strategy.js';
import { KafkaBroker } from './kafka-broker.js';

export interface KafkaStreamOptions {
  inject: (string | symbol)[];
  useFactory: (...dependencies: never[]) => KafkaBatchOptions;
}

const OPTIONS = Symbol('KAFKA_STREAM_OPTIONS');

/** The batch transport to connect as a microservice, and the broker to publish to, of one consumer group. */
@Module({})
export class KafkaStreamModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly broker: KafkaBroker) {}

  static forRoot(options: KafkaStreamOptions): DynamicModule {
    return {
      module: KafkaStreamModule,
      global: true,
      providers: [
        { provide: OPTIONS, ...options },
        {
          provide: KafkaBatchStrategy,
          inject: [OPTIONS],
          useFactory: (batch: KafkaBatchOptions) =>
            new KafkaBatchStrategy(batch),
        },
        {
          provide: KafkaBroker,
          inject: [OPTIONS],
          useFactory: ({ kafka }: KafkaBatchOptions) => new KafkaBroker(kafka),
        },
      ],
      exports: [KafkaBatchStrategy, KafkaBroker],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.disconnect();
  }
}
