import type { Queryable } from '../queryable.js';
import {
  readToldEntries,
  type EntryPlace,
  type ToldEntry,
} from './told-entries.js';

/** Flagged merchants looked at with one statement. */
const MERCHANTS = 100;

/** A flag on a merchant. */
export interface MerchantFlag {
  /** By its own time. */
  flaggedAt: Date;
  reason: string;
  /** Where it was accepted, in the partition of the merchant's shard. */
  offset: bigint;
}

export interface GrantBeforeFlag {
  entry: ToldEntry;
  /** The earliest flag on the merchant that is later than the grant. */
  flag: MerchantFlag;
}

/** Where a grant stands among those of all flagged merchants. */
export interface FlaggedPlace {
  shard: number;
  merchantId: string;
  recordedAt: Date;
  sequence: bigint;
}

/**
 * What was granted to merchants who were flagged later, by the times of both: by shard, merchant, and as it was
 * recorded. Cash and what finance gave are among it. A merchant that was flagged at that time already is asked about by
 * the merchant's own entries.
 *
 * @param options.after the last one that was told already
 */
export async function* grantsBeforeFlag(
  db: Queryable,
  shards: readonly number[],
  { after, limit }: { after: FlaggedPlace | null; limit: number },
): AsyncGenerator<GrantBeforeFlag[]> {
  for (const shard of shards) {
    if (after && shard < after.shard) continue;
    let place: FlaggedPlace | null = after?.shard === shard ? after : null;
    for (;;) {
      const merchants = await readFlagged(db, shard, place?.merchantId ?? '');
      if (merchants.length === 0) break;
      for (let more = true; more;) {
        const rows = await readPlaces(db, shard, merchants, place, limit);
        if (rows.length > 0) {
          const found = await told(db, rows);
          yield found;
          const { entry } = found.at(-1)!;
          place = {
            shard,
            merchantId: entry.merchantId!,
            recordedAt: entry.recordedAt,
            sequence: entry.sequence,
          };
        }
        more = rows.length === limit;
      }
      if (merchants.length < MERCHANTS) break;
      // Behind all of the last merchant's.
      place = {
        shard,
        merchantId: merchants.at(-1)!,
        recordedAt: LAST,
        sequence: 0n,
      };
    }
  }
}

/** Later than any entry: the last instant that a Date has. */
const LAST = new Date(8.64e15);

async function readFlagged(
  db: Queryable,
  shard: number,
  from: string,
): Promise<string[]> {
  const { rows } = await db.query<{ merchant_id: string }>({
    name: 'flagged-merchants',
    text: FLAGGED_MERCHANTS,
    values: [shard, from],
  });
  return rows.map(({ merchant_id }) => merchant_id);
}

/** From a merchant on, that one included. */
export const FLAGGED_MERCHANTS = `
  SELECT merchant_id FROM audit.activity
  WHERE shard = $1 AND type = 'risk.flagged' AND merchant_id >= $2 AND data -> 'target' ->> 'kind' = 'merchant'
  GROUP BY merchant_id ORDER BY merchant_id LIMIT ${MERCHANTS}`;

interface FlaggedRow extends EntryPlace {
  flagged_at: Date;
  reason: string;
  kafka_offset: bigint;
}

async function readPlaces(
  db: Queryable,
  shard: number,
  merchants: readonly string[],
  after: FlaggedPlace | null,
  limit: number,
): Promise<FlaggedRow[]> {
  const { rows } = await db.query<FlaggedRow>({
    name: 'grants-before-flag',
    text: GRANTS_BEFORE_FLAG,
    values: [
      shard,
      merchants,
      after?.merchantId ?? '',
      after
        ? after.recordedAt === LAST
          ? 'infinity'
          : after.recordedAt
        : '-infinity',
      after?.sequence ?? 0n,
      limit,
    ],
  });
  return rows;
}

export const GRANTS_BEFORE_FLAG = `
  SELECT $1::smallint AS shard, 'grants' AS journal, granted.sequence, flag.*
  FROM unnest($2::text[]) AS flagged (id), LATERAL (
      SELECT sequence, recorded_at, occurred_at FROM audit.entry AS told
      WHERE told.shard = $1 AND told.merchant_id = flagged.id AND told.journal = 'grants'
        AND (told.kind = 'grant' OR told.kind = 'adjustment' AND told.cause ->> 'adjustment' IN ('give', 'cash'))
        AND (flagged.id <> $3 OR (told.recorded_at, told.journal, told.sequence)
          > ($4::timestamptz, 'grants', $5::bigint))
      OFFSET 0) AS granted, LATERAL (
      SELECT occurred_at AS flagged_at, data ->> 'reason' AS reason, kafka_offset FROM audit.activity AS told
      WHERE told.shard = $1 AND told.merchant_id = flagged.id AND told.type = 'risk.flagged'
        AND told.data -> 'target' ->> 'kind' = 'merchant' AND told.occurred_at > granted.occurred_at
      ORDER BY told.occurred_at, told.kafka_offset LIMIT 1) AS flag
  WHERE flagged.id >= $3
  ORDER BY flagged.id, granted.recorded_at, granted.sequence LIMIT $6`;

async function told(
  db: Queryable,
  rows: readonly FlaggedRow[],
): Promise<GrantBeforeFlag[]> {
  const entries = await readToldEntries(db, rows);
  return entries.map((entry, i) => {
    const { flagged_at: flaggedAt, reason, kafka_offset: offset } = rows[i]!;
    return { entry, flag: { flaggedAt, reason, offset } };
  });
}
