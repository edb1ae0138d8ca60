import {
  binaryArray,
  type Queryable,
  type Statement,
} from '@app/ledger/postgres';
import {
  progressFromJson,
  progressToJson,
  rowKey,
  type ChangedRow,
  type PeriodProgress,
  type ProgressAddress,
  type ProgressNeeded,
} from '@app/programs';

interface ProgressRow {
  merchant_id: string;
  program: string;
  period: string;
  progress: unknown;
}

/** Rows of progress, by merchant and key. */
export async function readProgress(
  db: Queryable,
  shard: number,
  { rows: addresses, merchants }: ProgressNeeded,
): Promise<Map<string, Map<string, PeriodProgress>>> {
  const progress = new Map<string, Map<string, PeriodProgress>>();
  const keep = (rows: readonly ProgressRow[]): void => {
    for (const row of rows) {
      const { merchant_id: merchantId, program, period } = row;
      const known =
        progress.get(merchantId) ?? new Map<string, PeriodProgress>();
      progress.set(merchantId, known);
      known.set(rowKey({ program, period }), progressFromJson(row.progress));
    }
  };
  if (addresses.length > 0) keep(await readRows(db, shard, addresses));
  if (merchants.size > 0) keep(await readAllRows(db, shard, [...merchants]));
  return progress;
}

async function readRows(
  db: Queryable,
  shard: number,
  addresses: readonly ProgressAddress[],
): Promise<ProgressRow[]> {
  const { rows } = await db.query<ProgressRow>({
    name: 'read-progress',
    text: `
      SELECT progress.*
      FROM unnest($2::text[], $3::text[], $4::text[]) AS needed (merchant_id, program, period), LATERAL (
        SELECT merchant_id, program, period, progress FROM progress
        WHERE shard = (SELECT $1::smallint) AND merchant_id = needed.merchant_id AND program = needed.program
          AND period = needed.period
        OFFSET 0) AS progress`,
    values: [
      shard,
      addresses.map(({ merchantId }) => merchantId),
      addresses.map(({ program }) => program),
      addresses.map(({ period }) => period),
    ],
  });
  return rows;
}

async function readAllRows(
  db: Queryable,
  shard: number,
  merchantIds: readonly string[],
): Promise<ProgressRow[]> {
  const { rows } = await db.query<ProgressRow>({
    name: 'read-all-progress',
    text: `SELECT merchant_id, program, period, progress FROM progress WHERE shard = (SELECT $1::smallint) AND merchant_id = ANY ($2::text[])`,
    values: [shard, merchantIds],
  });
  return rows;
}

/**
 * Rows that the clock may decide, the longest overdue first.
 *
 * @param limit at most so many
 * @param except programs whose rows are left as they are
 */
export async function readDueRows(
  db: Queryable,
  shard: number,
  untilMs: number,
  { limit, except }: { limit: number; except: ReadonlySet<string> },
): Promise<ProgressAddress[]> {
  const { rows } = await db.query<ProgressRow>({
    name: 'read-due-progress',
    text: `
      SELECT merchant_id, program, period FROM progress WHERE shard = $1 AND due_at <= $2
        AND split_part(program, '@', 1) <> ALL ($4::text[])
      ORDER BY due_at, merchant_id COLLATE "C", program COLLATE "C", period COLLATE "C" LIMIT $3`,
    values: [shard, new Date(untilMs), limit, [...except]],
  });
  return rows.map(({ merchant_id: merchantId, program, period }) => ({
    merchantId,
    program,
    period,
  }));
}

/** Those of the shards in which the clock has something to decide. @param except see {@link readDueRows} */
export async function readDueShards(
  db: Queryable,
  shards: readonly number[],
  untilMs: number,
  except: ReadonlySet<string>,
): Promise<number[]> {
  const { rows } = await db.query<{ shard: number }>({
    name: 'read-due-shards',
    text: `
      SELECT shard FROM unnest($1::smallint[]) AS shards (shard)
      WHERE EXISTS (SELECT FROM progress WHERE progress.shard = shards.shard AND due_at <= $2
        AND split_part(program, '@', 1) <> ALL ($3::text[]))`,
    values: [shards, new Date(untilMs), [...except]],
  });
  return rows.map(({ shard }) => shard);
}

export function saveProgress(
  shard: number,
  changed: readonly ChangedRow[],
): Statement[] {
  if (changed.length === 0) return [];
  return [
    {
      name: 'save-progress',
      text: `
      INSERT INTO progress (shard, merchant_id, program, period, progress, due_at)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::json[], $6::timestamptz[])
      ON CONFLICT (shard, merchant_id, program, period)
        DO UPDATE SET progress = excluded.progress, due_at = excluded.due_at`,
      values: [
        shard,
        binaryArray.text(changed.map(({ address }) => address.merchantId)),
        binaryArray.text(changed.map(({ address }) => address.program)),
        binaryArray.text(changed.map(({ address }) => address.period)),
        binaryArray.json(
          changed.map((row) => JSON.stringify(progressToJson(row))),
        ),
        binaryArray.timestamptz(changed.map(({ dueAtMs }) => dueAtMs)),
      ],
    },
  ];
}
