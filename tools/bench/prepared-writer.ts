import { Registry } from 'prom-client';
import type { Pool } from '@app/ledger/postgres';
import { ProgramSet } from '@app/programs';
import { ShardWriter, systemClock, type Broker } from '@app/streaming';
import { granting } from '../../apps/granter/src/grant.js';
import { GranterMetrics } from '../../apps/granter/src/granter.metrics.js';
import { GranterStore } from '../../apps/granter/src/granter.store.js';
import { PoolLeases } from '../../apps/granter/src/pool-leases.js';
import { fixedPrograms } from '../../apps/granter/test/fixed-programs.js';
import { orders, payingEvery } from './activity.js';

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
  events: number;
}

/** A writer with its batches, made ahead: what comes off Kafka has been read already. */
export interface PreparedWriter {
  events: number;
  run: () => Promise<void>;
}

export async function prepareWriter(
  pool: Pool,
  { ordersEach, events }: Load,
  shard: number,
): Promise<PreparedWriter> {
  const programs = fixedPrograms(new ProgramSet([payingEvery(ordersEach)]));
  const store = new GranterStore(
    pool,
    programs,
    new GranterMetrics(new Registry()),
    new PoolLeases(pool, programs, 64),
  );
  const writer = new ShardWriter(shard, store, noBroker, systemClock, granting);
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
      for (const batch of batches) await writer.take(batch);
    },
  };
}
