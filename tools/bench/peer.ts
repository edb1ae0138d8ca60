import { endAllPools } from '@event-driven-io/dumbo';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@app/ledger/postgres';
import { perSecond } from './rows.js';

const CLIENTS = 8;

/**
 * The same grants as events of an event store on PostgreSQL, one an append, with eight clients: what a team
 * would take that does not write its own.
 *
 * @param pool to the same database
 * @returns events a second
 */
export async function appendToPeer(
  databaseUrl: string,
  pool: Pool,
  count: number,
): Promise<number> {
  const store = getPostgreSQLEventStore(databaseUrl);
  await store.schema.migrate();
  const run = Date.now();
  let next = 0;
  try {
    const startedAtMs = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (let n = next++; n < count; n = next++)
          await store.appendToStream(`merchant-${run}-${n}`, [
            {
              type: 'grant',
              data: {
                merchantId: `merchant-${n}`,
                unit: 'ANY_IMP',
                amount: 1000,
                program: 'bench',
                tier: 'reached',
                expiresAt: '2026-12-11T04:00:00.000Z',
              },
            },
          ]);
      }),
    );
    return perSecond(count, startedAtMs);
  } finally {
    await store.close();
    // Closing the store leaves connections open, and closing those does not wait for them.
    await endAllPools();
    await untilConnectionsAreClosed(pool);
  }
}

/** The store's connections are those that say no name. */
async function untilConnectionsAreClosed(pool: Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = ''`,
    );
    if (rowCount === 0) return;
    await sleep(50);
  }
}
