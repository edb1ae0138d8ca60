import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { answer } from './child.js';
import {
  prepareWriter,
  type Load,
  type PreparedWriter,
} from './prepared-writer.js';

/** A writer of one shard: prepares its load, and then takes it when it is told to. */
export type WriterRequest =
  | { kind: 'prepare'; databaseUrl: string; load: Load; shard: number }
  | { kind: 'run' };

let pool: Pool | undefined;
let writer: PreparedWriter | undefined;

answer<WriterRequest, number>(
  async (request) => {
    if (request.kind === 'run') return writer!.run();
    pool ??= createPool(request.databaseUrl, {
      applicationName: 'bench-writer',
      maxConnections: 8,
      role: ROLES.granter,
    });
    writer = await prepareWriter(pool, request.load, request.shard);
    return writer.events;
  },
  async () => pool?.end(),
);
