import { shardOf } from '@app/contracts';
import { MomentError, type MerchantPlace } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import { UsageError, UserError } from '../../support/cli.js';
import { ledgerUrl } from '../subcommand.js';

/** What an answer is made of: connections of an auditor, and the shards of the ledger. */
export interface Asking {
  pool: Pool;
  shards: readonly number[];
}

/**
 * Runs `answer` with connections to the ledger that read the auditors' views and nothing else, or what another role
 * may.
 *
 * @throws UserError where the ledger cannot be read, or cannot tell
 */
export async function ask(
  answer: (asking: Asking) => Promise<void>,
  { role = 'auditor' }: { role?: 'auditor' | 'api' } = {},
): Promise<void> {
  // Loaded late: it takes a while to load, and wrong arguments are told without it.
  const { createPool, readShards, ROLES } =
    await import('@app/ledger/postgres');
  const pool = createPool(ledgerUrl(), {
    applicationName: 'ledger-ask',
    maxConnections: 2,
    role: ROLES[role],
  });
  // Whoever reads the output may have seen enough.
  process.stdout.on('error', () => undefined);
  try {
    const shards = await readShards(pool).catch((error: unknown) => {
      throw new UserError(
        `The ledger cannot be read (${describeError(error)}): run npm start first, or set DATABASE_URL.`,
      );
    });
    await answer({ pool, shards });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    if (!(error instanceof MomentError)) throw error;
    const { message } = error;
    throw new UserError(`${message[0]!.toUpperCase()}${message.slice(1)}.`);
  } finally {
    await pool.end();
  }
}

/** Beside the answer, which may go into a file. */
export function sayAside(note: string): void {
  process.stderr.write(`${note}\n`);
}

export function placeOf(
  merchantId: string,
  shards: readonly number[],
): MerchantPlace {
  return { merchantId, shard: shardOf(merchantId, shards.length) };
}

/** @throws UsageError where it was left out */
export function required(option: string, value: string | undefined): string {
  if (!value) throw new UsageError(`--${option} is missing.`);
  return value;
}
