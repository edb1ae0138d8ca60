import { Child } from './child.js';
import type { Load } from './prepared-writer.js';
import type { WriterRequest } from './writer-process.js';

/** Shards that a writer takes at once; a granter takes up to eight. */
const SHARDS_EACH = 4;

/**
 * Takes events through the granter's whole store path: duplicates looked up, state loaded, the rules, entries,
 * balances, progress and head in one durable transaction a batch.
 *
 * @param load of each writer
 * @param places of the writers, each a process with shards of its own
 * @returns events a second, of all writers together
 */
export async function runWriters(
  databaseUrl: string,
  load: Load,
  places: readonly number[],
): Promise<number> {
  const writers = await Promise.all(
    places.map(async (place) => ({
      shards: shardsAt(place),
      child: await Child.start<WriterRequest, number>('writer-process'),
    })),
  );
  try {
    const events = await Promise.all(
      writers.map(({ shards, child }) =>
        child.ask({ kind: 'prepare', databaseUrl, load, shards }),
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

function shardsAt(place: number): number[] {
  return Array.from(
    { length: SHARDS_EACH },
    (_, index) => place * SHARDS_EACH + index,
  );
}
