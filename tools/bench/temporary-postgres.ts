import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@app/ledger/postgres';
import { findFreePort } from '../stack/ports.js';
import { startPostgres } from '../stack/postgres.js';

/** Runs `work` on an empty ledger in a PostgreSQL of its own, with its default durability. */
export async function onTemporaryPostgres<Result>(
  work: (databaseUrl: string) => Promise<Result>,
): Promise<Result> {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  const postgres = await startPostgres({
    dir: join(dir, 'postgres'),
    port: await findFreePort(),
    logFile: join(dir, 'postgres.log'),
    pidFile: join(dir, 'postgres.pid'),
  });
  try {
    await migrate(postgres.url, { shardCount: 64 });
    return await work(postgres.url);
  } finally {
    await postgres.stop();
    // A server that had to be killed may still be writing for a moment.
    await rm(dir, { recursive: true, force: true, maxRetries: 20 });
  }
}
