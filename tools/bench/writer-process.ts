import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { answer } from './child.js';
import {
  prepareWriter,
  type Load,
  type PreparedWriter,
} from './prepared-writer.js';

/** A granter with its shards: prepares its load, and then takes it when it is told to, all of them at once. */
export type WriterRequest =
  | {
      kind: 'prepare';
      databaseUrl: string;
      /** Of all shards together. */
      load: Load;
      shards: readonly number[];
    }
  | { kind: 'run' };

let pool: Pool | undefined;
let writers: PreparedWriter[] = [];

answer<WriterRequest, number>(
  async (request) => {
    if (request.kind === 'run') {
      await Promise.all(writers.map((writer) => writer.run()));
      return eventsOf(writers);
    }
    pool ??= createPool(request.databaseUrl, {
      applicationName: 'bench-writer',
      maxConnections: 8,
      role: ROLES.granter,
    });
    const { load, shards } = request;
    const ofEach = { ...load, events: load.events / shards.length };
    writers = [];
    for (const shard of shards)
      writers.push(await prepareWriter(pool, ofEach, shard));
    return eventsOf(writers);
  },
  async () => pool?.end(),
);

function eventsOf(all: readonly PreparedWriter[]): number {
  return all.reduce((sum, { events }) => sum + events, 0);
}
