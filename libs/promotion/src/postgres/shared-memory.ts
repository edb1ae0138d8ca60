import type { Pool, Statement } from '@app/ledger/postgres';
import { newSharedMemory, type SharedMemory } from '../index.js';

/** What spending has learnt from the merchants of a shard; nothing yet where nothing is kept. */
export async function readSharedMemory(
  pool: Pool,
  shard: number,
): Promise<SharedMemory> {
  const { rows } = await pool.query<{ memory: SharedMemory }>({
    name: 'read-shared-memory',
    text: `SELECT memory FROM promotion_learnt WHERE shard = $1`,
    values: [shard],
  });
  return rows[0]?.memory ?? newSharedMemory();
}

/** What keeps it as it is now; null where it has not changed. */
export function saveSharedMemory(
  shard: number,
  memory: SharedMemory | null,
): Statement[] {
  if (!memory) return [];
  return [
    {
      name: 'save-shared-memory',
      text: `
      INSERT INTO promotion_learnt (shard, memory) VALUES ($1, $2)
      ON CONFLICT (shard) DO UPDATE SET memory = excluded.memory`,
      values: [shard, JSON.stringify(memory)],
    },
  ];
}
