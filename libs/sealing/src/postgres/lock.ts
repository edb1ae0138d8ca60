import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@app/ledger/postgres';

/** Held by the one sealer of a database. Any constant; this one is ours. */
const SEAL_LOCK = 7_261_504;
const RETRY_INTERVAL_MS = 500;

/** The right to seal: held for as long as its connection is. */
export interface SealLock {
  /** @throws Error where the connection is lost, and another sealer may have begun */
  assertHeld(): void;
  release(): Promise<void>;
}

/**
 * Waits until no other sealer works on this database.
 *
 * @throws the signal's reason where it aborts first
 */
export async function acquireSealLock(
  pool: Pool,
  signal: AbortSignal,
): Promise<SealLock> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const onLost = (error?: Error) =>
    (lost ??= error ?? new Error('the connection was closed'));
  client.on('error', onLost).on('end', onLost);
  const giveBack = () => {
    client.off('error', onLost).off('end', onLost);
    // Closed, and with it the lock.
    client.release(true);
  };
  try {
    for (;;) {
      const { rows } = await client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS held',
        [SEAL_LOCK],
      );
      if (rows[0]!.held) break;
      await sleep(RETRY_INTERVAL_MS, undefined, { signal });
    }
  } catch (error) {
    giveBack();
    throw error;
  }
  return {
    assertHeld: () => {
      if (lost)
        throw new Error(`the lock of the sealer is lost: ${lost.message}`);
    },
    release: async () => {
      await client
        .query('SELECT pg_advisory_unlock($1)', [SEAL_LOCK])
        .catch(() => undefined);
      giveBack();
    },
  };
}
