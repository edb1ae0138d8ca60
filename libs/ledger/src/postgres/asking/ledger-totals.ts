import type { Placement, Unit } from '@app/contracts';
import type { Queryable } from '../queryable.js';
import { spansOf, type SpanQuery } from './spans.js';
import type { EntryPlace } from './told-entries.js';

/** Sequences looked through with one statement. */
const WINDOW = 20_000n;

export const TOTALS_BY = ['day', 'placement', 'program'] as const;
export type TotalsBy = (typeof TOTALS_BY)[number];

/** What became of budgets, in minor units. */
export interface Total {
  /** Of recording, in Asia/Shanghai; null where totals are not by day. */
  day: string | null;
  /** Where it was spent; null of what is spent nowhere, and where totals are not by placement. */
  placement: Placement | null;
  /** Null where totals are not by program. */
  program: string | null;
  unit: Unit;
  /** What left the pool for merchants, adjustments included. */
  granted: bigint;
  spent: bigint;
  expired: bigint;
  clawedBack: bigint;
}

export interface TotalsQuery extends SpanQuery {
  by: readonly TotalsBy[];
  /** Entries looked through. */
  entriesMax: number;
}

export interface LedgerTotals {
  /** Of the entries that were looked through. */
  totals: Total[];
  /** Where to go on; null where all was looked through. */
  next: EntryPlace | null;
}

/** Sums of what the entries between two cuts granted, spent, let expire and took back. */
export async function ledgerTotals(
  db: Queryable,
  { by, entriesMax, ...span }: TotalsQuery,
): Promise<LedgerTotals> {
  const totals = new Map<string, Total>();
  const told = (next: EntryPlace | null) => ({
    totals: [...totals.keys()].sort().map((key) => totals.get(key)!),
    next,
  });
  let left = BigInt(entriesMax);
  for (const { shard, journal, first, last } of spansOf(span)) {
    let looked = first;
    while (looked < last) {
      if (left <= 0n) return told({ shard, journal, sequence: looked });
      const end = looked + WINDOW < last ? looked + WINDOW : last;
      const { rows } = await db.query<Total>({
        name: 'ledger-totals',
        text: LEDGER_TOTALS,
        values: [
          shard,
          journal,
          looked,
          end,
          ...TOTALS_BY.map((name) => by.includes(name)),
        ],
      });
      for (const row of rows) add(totals, row);
      left -= end - looked;
      looked = end;
    }
  }
  return told(null);
}

function add(totals: Map<string, Total>, row: Total): void {
  const { day, placement, program, unit } = row;
  const key = [day, program, placement, unit].join('\n');
  const known = totals.get(key);
  if (!known) return void totals.set(key, row);
  known.granted += row.granted;
  known.spent += row.spent;
  known.expired += row.expired;
  known.clawedBack += row.clawedBack;
}

/**
 * A line belongs to one of these accounts by its name; what is spent is a program's by its lot. A pool pays grants, and
 * is given and lent budget, which is no grant.
 */
export const LEDGER_TOTALS = `
  SELECT day, placement, program, unit, coalesce(-sum(amount) FILTER (WHERE class = 'pool'), 0) AS granted,
    coalesce(sum(amount) FILTER (WHERE class = 'spent'), 0) AS spent,
    coalesce(sum(amount) FILTER (WHERE class = 'expired'), 0) AS expired,
    coalesce(sum(amount) FILTER (WHERE class = 'clawed_back'), 0) AS "clawedBack"
  FROM (
    SELECT CASE WHEN $5::boolean THEN (entry.recorded_at AT TIME ZONE 'Asia/Shanghai')::date::text END AS day,
      CASE WHEN $6::boolean AND moved.class = 'spent' THEN moved.name END AS placement,
      CASE WHEN NOT $7::boolean THEN NULL WHEN moved.class <> 'spent' THEN moved.name ELSE (
        SELECT lot.program FROM audit.lot AS lot
        WHERE lot.shard = $1::smallint AND lot.lot_id = moved.lot_id) END AS program,
      moved.class, moved.unit, moved.amount
    FROM audit.entry AS entry JOIN LATERAL (
        SELECT split_part(account, ':', 1) AS class, substr(account, position(':' IN account) + 1) AS name, unit, amount,
          lot_id
        FROM audit.posting AS told
        WHERE told.shard = $1 AND told.journal = $2 AND told.sequence = entry.sequence
          AND (account LIKE 'spent:%' OR account LIKE 'expired:%' OR account LIKE 'clawed\\_back:%'
            OR account LIKE 'pool:%') OFFSET 0) AS moved ON true
    WHERE entry.shard = $1 AND entry.journal = $2 AND entry.sequence > $3 AND entry.sequence <= $4
      AND entry.kind NOT IN ('budget', 'lease')
      AND NOT (entry.kind = 'adjustment' AND entry.cause ->> 'adjustment' = 'budget')) AS line
  GROUP BY 1, 2, 3, 4`;
