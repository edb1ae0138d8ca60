import type { Queryable } from '../queryable.js';

/** Those of the events that the promoter has taken, by key in hex. */
export async function takenByPromoter(
  db: Queryable,
  shard: number,
  keys: readonly Buffer[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await db.query<{ event_key: Buffer }>({
    name: 'taken-by-promoter',
    text: TAKEN_BY_PROMOTER,
    values: [shard, keys],
  });
  return new Set(rows.map(({ event_key }) => event_key.toString('hex')));
}

export const TAKEN_BY_PROMOTER = `
  SELECT event_key FROM audit.promotion_input WHERE shard = $1 AND event_key = ANY ($2::bytea[])`;
