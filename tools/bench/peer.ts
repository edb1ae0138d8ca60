import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { Pool } from 'pg';
import { perSecond } from './rows.js';

const CLIENTS = 8;

/**
 * The same grants as events of an event store on PostgreSQL, one an append, with eight clients: what a team
 * would take that does not write its own.
 *
 * @returns events a second
 */
export async function appendToPeer(
  databaseUrl: string,
  count: number,
): Promise<number> {
  // Of our own, since the store leaves its pool open when it is closed.
  const pool = new Pool({ connectionString: databaseUrl, max: CLIENTS });
  const store = getPostgreSQLEventStore(databaseUrl, {
    connectionOptions: { pool },
  });
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
    await pool.end();
  }
}
