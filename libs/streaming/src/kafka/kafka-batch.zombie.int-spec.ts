import { Logger } from '@nestjs/common';
import { inject } from 'vitest';
import { createPool, type Pool } from '@app/ledger/postgres';
import {
  createDatabase,
  type TestDatabase,
} from '../../../../test/support/database.js';
import { eventually } from '../../../../test/support/eventually.js';
import { createTopic } from '../../../../test/support/topics.js';
import {
  enterEach,
  JournalStore,
  offsetsEntered,
} from '../../test/journal-store.js';
import {
  connectTo,
  countTo,
  Line,
  newGroup,
  numbered,
  publish,
  startConsumer,
} from '../../test/kafka.js';
import { systemClock } from '../ports.js';
import { ShardWriters } from '../shard-writers.js';
import type { KafkaBatchStrategy } from './kafka-batch.strategy.js';

const SHARDS = 2;
/** The shortest that Kafka allows. */
const SESSION_TIMEOUT_MS = 6_000;

// kafkajs finishes the batches that it has of partitions it has lost: its issues 1046 and 28.
describe('a process that goes on with shards it has lost', () => {
  const brokers = inject('kafkaBrokers');
  const consumers: KafkaBatchStrategy[] = [];
  const assigned = new Map<KafkaBatchStrategy, readonly number[]>();
  let database: TestDatabase;
  let pool: Pool;
  let topic: string;
  let groupId: string;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createDatabase(inject('postgresUrl'), {
      shardCount: SHARDS,
    });
    pool = createPool(database.url, {
      applicationName: 'test',
      maxConnections: 8,
    });
    topic = await createTopic(brokers, SHARDS);
    groupId = newGroup();
  });
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await pool.end();
    await database.drop();
  });

  it('is refused by their heads, and every message is entered once', async () => {
    const kafka = connectTo(brokers);
    await publish(kafka, topic, [...numbered(0, 0, 30), ...numbered(1, 0, 30)]);

    // The first decides on a batch of each shard, and is cut off before it commits.
    const line = new Line();
    const gate = new Gate();
    const first = new JournalStore(pool, () => gate.pass());
    await start('first', first, line);
    await eventually(() => expect(gate.waiting).toBe(SHARDS));
    line.cut();

    // The second is given its shards and enters everything.
    const second = new JournalStore(pool);
    await start('second', second);
    await eventually(async () => {
      expect(await entered(0)).toEqual(countTo(30));
      expect(await entered(1)).toEqual(countTo(30));
    });
    expect([first.refusals, second.refusals]).toEqual([0, 0]);

    // The first goes on with what it had decided.
    gate.open();
    await eventually(() => expect(first.refusals).toBe(SHARDS));
    expect(await entered(0)).toEqual(countTo(30));
    expect(await entered(1)).toEqual(countTo(30));

    // It comes back to the group, and both go on with a shard each.
    line.mend();
    await eventually(() => {
      expect(shardsOf(0)).toHaveLength(1);
      expect(shardsOf(1)).toHaveLength(1);
    });
    await publish(kafka, topic, [
      ...numbered(0, 30, 50),
      ...numbered(1, 30, 50),
    ]);
    await eventually(async () => {
      expect(await entered(0)).toEqual(countTo(50));
      expect(await entered(1)).toEqual(countTo(50));
    });
  });

  async function start(
    clientId: string,
    store: JournalStore,
    line = new Line(),
  ): Promise<void> {
    const kafka = connectTo(brokers, clientId, {
      socketFactory: line.connect,
    });
    const writers = new ShardWriters(
      store,
      { publish: () => Promise.resolve() },
      systemClock,
      enterEach,
    );
    const options = {
      kafka,
      groupId,
      shardCount: SHARDS,
      maxBatchMessages: 7,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
    };
    const consumer = await startConsumer(topic, options, (batch) =>
      writers.take(batch),
    );
    consumers.push(consumer);
    consumer.on('assigned', (shards) => {
      writers.assign(shards);
      assigned.set(consumer, shards);
    });
  }

  function shardsOf(index: number): readonly number[] {
    return assigned.get(consumers[index]!) ?? [];
  }

  function entered(shard: number): Promise<string[]> {
    return offsetsEntered(pool, shard);
  }
});

/** Holds everyone up until it is opened. */
class Gate {
  waiting = 0;
  #open!: () => void;
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  async pass(): Promise<void> {
    this.waiting += 1;
    await this.#opened;
  }

  open(): void {
    this.#open();
  }
}
