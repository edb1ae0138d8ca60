import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inject } from 'vitest';
import { eventually } from '../../../../test/support/eventually.js';
import { createTopic } from '../../../../test/support/topics.js';
import {
  connectTo,
  newGroup,
  numbered,
  publish,
  type Batch,
} from '../../test/kafka.js';
import { KafkaBatchHandler } from './kafka-batch-handler.decorator.js';
import { KafkaBatchStrategy } from './kafka-batch.strategy.js';

describe('a handler that is declared in a Nest controller', () => {
  it('takes its topic’s batches, and its own error is the one that is logged', async () => {
    const topic = await createTopic(inject('kafkaBrokers'), 1);
    const kafka = connectTo(inject('kafkaBrokers'));
    const batches: Batch[] = [];
    const warnings: unknown[] = [];

    @Controller()
    class Merchants {
      @KafkaBatchHandler(topic)
      take(batch: Batch): Promise<bigint> {
        if (batch.messages.length === 0) return Promise.resolve(batch.next);
        batches.push(batch);
        return batches.length === 1
          ? Promise.reject(new Error('the database is away'))
          : Promise.resolve(batch.next);
      }
    }
    @Module({ controllers: [Merchants] })
    class App {}

    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (message: unknown) => warnings.push(message),
    });
    const strategy = new KafkaBatchStrategy({
      kafka,
      groupId: newGroup(),
      shardCount: 1,
    });
    const app = await NestFactory.createMicroservice(App, { strategy });
    await app.listen();
    try {
      await publish(kafka, topic, numbered(0, 0, 3));
      await eventually(() => expect(batches).toHaveLength(2));
      expect(batches[1]).toEqual(batches[0]);
      expect(batches[0]).toMatchObject({ source: topic, shard: 0, next: 3n });
      expect(warnings).toEqual([
        `${topic}/0: the database is away; trying again in 250 ms`,
      ]);
    } finally {
      await app.close();
    }
  });
});
