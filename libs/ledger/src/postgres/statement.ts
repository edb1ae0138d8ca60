import type { QueryConfig } from 'pg';
import type { Pool } from './pool.js';

/** A statement with its values, to be sent with others. */
export type Statement = QueryConfig;

/**
 * Runs statements in one transaction, without waiting for the answer to one before the next is sent: on the way to a
 * database and back, waiting takes longer than most of them.
 *
 * @throws whatever the first that failed throws; nothing of any of them stays then
 */
export async function executeTogether(
  pool: Pool,
  statements: readonly Statement[],
): Promise<void> {
  const client = await pool.connect();
  let broken = false;
  try {
    // Behind one that fails, the database refuses the others and makes a rollback of the commit.
    const answers = await Promise.allSettled(
      [{ text: 'BEGIN' }, ...statements, { text: 'COMMIT' }].map((statement) =>
        client.query(statement),
      ),
    );
    broken = answers.at(-1)!.status === 'rejected';
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    client.release(broken);
  }
}
