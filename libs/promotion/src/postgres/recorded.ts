import type { Journal } from '@app/ledger';
import {
  readToldEntries,
  type Queryable,
  type ToldEntry,
} from '@app/ledger/postgres';

/** Read at a time. */
const MERCHANTS = 500;
const ENTRIES = 500;

/** A merchant that the promoter knows. */
export interface KnownMerchant {
  merchantId: string;
  /** Null until their registration was heard of. */
  category: string | null;
}

/** The merchants of a shard that the promoter knows, by their ids, page by page. */
export async function* knownMerchants(
  db: Queryable,
  shard: number,
): AsyncGenerator<KnownMerchant[]> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<{
      merchant_id: string;
      category: string | null;
    }>({
      name: 'known-merchants',
      text: `
        SELECT merchant_id, state ->> 'category' AS category FROM promotion_state
        WHERE shard = $1 AND merchant_id > $2 ORDER BY merchant_id LIMIT $3`,
      values: [shard, after, MERCHANTS],
    });
    if (rows.length === 0) return;
    yield rows.map(({ merchant_id, category }) => ({
      merchantId: merchant_id,
      category,
    }));
    after = rows.at(-1)!.merchant_id;
  }
}

/** A merchant's entries of both journals in the order of their recording, page by page. */
export async function* recordedEntries(
  db: Queryable,
  { shard, merchantId }: { shard: number; merchantId: string },
): AsyncGenerator<ToldEntry[]> {
  let after: Place = { recorded_at: new Date(0), journal: '', sequence: 0n };
  for (;;) {
    const { rows } = await db.query<Place & { journal: Journal }>({
      name: 'recorded-entries',
      text: `
        SELECT recorded_at, journal, sequence FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2
          AND (recorded_at, journal, sequence) > ($3::timestamptz, $4::text, $5::bigint)
        ORDER BY recorded_at, journal, sequence LIMIT $6`,
      values: [
        shard,
        merchantId,
        after.recorded_at,
        after.journal,
        after.sequence,
        ENTRIES,
      ],
    });
    if (rows.length === 0) return;
    yield await readToldEntries(
      db,
      rows.map(({ journal, sequence }) => ({ shard, journal, sequence })),
    );
    after = rows.at(-1)!;
  }
}

interface Place {
  recorded_at: Date;
  journal: string;
  sequence: bigint;
}
