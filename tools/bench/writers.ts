import { Registry } from 'prom-client';
import type { Pool } from '@app/ledger/postgres';
import type { Program } from '@app/programs';
import { ShardWriter, systemClock, type Broker } from '@app/streaming';
import { granting } from '../../apps/granter/src/grant.js';
import { GranterMetrics } from '../../apps/granter/src/granter.metrics.js';
import { GranterStore } from '../../apps/granter/src/granter.store.js';
import { orders } from './activity.js';

const SOURCE = 'bench';
const BATCH = 1_000;

/** Nothing is refused or forwarded here: there is nothing to publish. */
const noBroker: Broker = {
  publish: (messages) =>
    Promise.reject(new Error(`${messages.length} messages to publish`)),
};

export interface Load {
  program: Program;
  /** Orders of each merchant: the program pays once for so many. */
  ordersEach: number;
  events: number;
  /** One shard for each writer. */
  shards: readonly number[];
}

/**
 * Takes events through the granter's whole store path: duplicates looked up, state loaded, the rules, entries,
 * balances, progress and head in one durable transaction a batch.
 *
 * @returns events a second, of all writers together
 */
export async function runWriters(pool: Pool, load: Load): Promise<number> {
  const { program, ordersEach, events, shards } = load;
  const store = new GranterStore(
    pool,
    [program],
    new GranterMetrics(new Registry()),
  );
  const decide = granting([program], 64);
  const work = await Promise.all(
    shards.map(async (shard) => {
      const writer = new ShardWriter(
        shard,
        store,
        noBroker,
        systemClock,
        decide,
      );
      const from = await writer.positionOf(SOURCE);
      return { writer, first: Number(from ?? 0n) };
    }),
  );
  // Made ahead: what comes off Kafka has been read already.
  const batches = work.map(({ writer, first }) =>
    Array.from({ length: Math.ceil(events / BATCH) }, (_, index) => {
      const from = first + index * BATCH;
      return {
        source: SOURCE,
        shard: writer.shard,
        from: BigInt(from),
        next: BigInt(from + BATCH),
        earliest: 0n,
        messages: orders(writer.shard, from, BATCH, ordersEach),
      };
    }),
  );
  const startedAtMs = performance.now();
  await Promise.all(
    work.map(async ({ writer }, index) => {
      for (const batch of batches[index]!) await writer.take(batch);
    }),
  );
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return (batches.flat().length * BATCH) / seconds;
}
