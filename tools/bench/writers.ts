import { Registry } from 'prom-client';
import type { Pool } from '@app/ledger/postgres';
import { ShardWriter, systemClock, type Broker } from '@app/streaming';
import { granting } from '../../apps/granter/src/grant.js';
import { GranterMetrics } from '../../apps/granter/src/granter.metrics.js';
import { GranterStore } from '../../apps/granter/src/granter.store.js';
import { orders, payingEvery } from './activity.js';
import { Child } from './child.js';
import type { WriterRequest } from './writer-process.js';

const SOURCE = 'bench';
const BATCH = 1_000;

/** Nothing is refused or forwarded here: there is nothing to publish. */
const noBroker: Broker = {
  publish: (messages) =>
    Promise.reject(new Error(`${messages.length} messages to publish`)),
};

export interface Load {
  /** Orders of each merchant: the program pays once for so many. */
  ordersEach: number;
  /** For each writer. */
  events: number;
}

/**
 * Takes events through the granter's whole store path, in as many processes as there are shards: duplicates looked
 * up, state loaded, the rules, entries, balances, progress and head in one durable transaction a batch.
 *
 * @returns events a second, of all writers together
 */
export async function runWriters(
  databaseUrl: string,
  load: Load,
  shards: readonly number[],
): Promise<number> {
  const writers = shards.map((shard) => ({
    shard,
    child: new Child<WriterRequest, number>('writer-process.ts'),
  }));
  try {
    const events = await Promise.all(
      writers.map(({ shard, child }) =>
        child.ask({ kind: 'prepare', databaseUrl, load, shard }),
      ),
    );
    const startedAtMs = performance.now();
    await Promise.all(writers.map(({ child }) => child.ask({ kind: 'run' })));
    const seconds = (performance.now() - startedAtMs) / 1_000;
    return events.reduce((sum, count) => sum + count, 0) / seconds;
  } finally {
    await Promise.all(writers.map(({ child }) => child.stop()));
  }
}

/** A writer with its batches, made ahead: what comes off Kafka has been read already. */
export interface PreparedWriter {
  events: number;
  /** @returns the seconds that it took */
  run: () => Promise<number>;
}

export async function prepareWriter(
  pool: Pool,
  { ordersEach, events }: Load,
  shard: number,
): Promise<PreparedWriter> {
  const program = payingEvery(ordersEach);
  const store = new GranterStore(
    pool,
    [program],
    new GranterMetrics(new Registry()),
  );
  const decide = granting([program], 64);
  const writer = new ShardWriter(shard, store, noBroker, systemClock, decide);
  const first = Number((await writer.positionOf(SOURCE)) ?? 0n);
  const batches = Array.from(
    { length: Math.ceil(events / BATCH) },
    (_, index) => {
      const from = first + index * BATCH;
      return {
        source: SOURCE,
        shard,
        from: BigInt(from),
        next: BigInt(from + BATCH),
        earliest: 0n,
        messages: orders(shard, from, BATCH, ordersEach),
      };
    },
  );
  return {
    events: batches.length * BATCH,
    run: async () => {
      const startedAtMs = performance.now();
      for (const batch of batches) await writer.take(batch);
      return (performance.now() - startedAtMs) / 1_000;
    },
  };
}
