import { Child } from './child.js';
import type { Load } from './prepared-writer.js';
import type { WriterRequest } from './writer-process.js';

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
  const writers = await Promise.all(
    shards.map(async (shard) => ({
      shard,
      child: await Child.start<WriterRequest, number>('writer-process'),
    })),
  );
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
