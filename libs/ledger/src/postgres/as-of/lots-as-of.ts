import type { Unit } from '@app/contracts';
import {
  cursorOf,
  cutOfShard,
  isOpen,
  leftOf,
  openLotsAfter,
  OpenLotSearch,
  type Cut,
  type JournalCut,
  type LotAsOf,
  type LotCursor,
  type MerchantPlace,
} from '../../as-of/index.js';
import type { Queryable } from '../queryable.js';
import { balancesAtJournalCut } from './balances-as-of.js';

/** Lots looked at at a time in search of open ones. */
const SEARCH_PAGE = 200;

export interface LotPage {
  lots: LotAsOf[];
  /** For the next page; null after the last one. */
  next: LotCursor | null;
}

/**
 * The lots that a merchant had been granted by a cut, and what had become of each: first those with something left,
 * in the order in which they expire, then the others, the last granted first.
 *
 * The open ones are found from the last grant back, until they account for all that the merchant had: how far that
 * is, is a matter of how long lots live, and not of how long the merchant has been there.
 *
 * @param limit of the page
 */
export async function lotsAsOf(
  db: Queryable,
  merchant: MerchantPlace,
  cut: Cut,
  { limit, after = null }: { limit: number; after?: LotCursor | null },
): Promise<LotPage> {
  const at = cutOfShard(cut, merchant.shard);
  // One more than asked for tells whether there is a next page.
  const found =
    after && !after.open
      ? []
      : openLotsAfter(await readOpenLots(db, merchant, at), after).slice(
          0,
          limit + 1,
        );
  let before = after && !after.open ? after.sequence - 1n : at.grants;
  while (found.length <= limit && before > 0n) {
    const page = await readLots(db, merchant, at, before, limit + 1);
    found.push(...page.lots.filter((lot) => !isOpen(lot)));
    before = page.before;
  }
  const lots = found.slice(0, limit);
  return {
    lots,
    next: found.length > limit ? cursorOf(lots.at(-1)!) : null,
  };
}

async function readOpenLots(
  db: Queryable,
  merchant: MerchantPlace,
  at: JournalCut,
): Promise<LotAsOf[]> {
  const search = new OpenLotSearch(
    await balancesAtJournalCut(db, merchant, at),
  );
  const open: LotAsOf[] = [];
  let before = at.grants;
  while (!search.isDone && before > 0n) {
    const page = await readLots(db, merchant, at, before, SEARCH_PAGE);
    for (const lot of page.lots) {
      search.see(lot.unit, leftOf(lot));
      if (isOpen(lot)) open.push(lot);
    }
    before = page.before;
  }
  return open;
}

/**
 * Lots that the last entries up to one made, the last first, each as it was at the cut.
 *
 * @param limit of entries looked at; not every one makes a lot
 * @returns with the lots, from where to go on; 0 where there is nothing more
 */
async function readLots(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  cut: JournalCut,
  before: bigint,
  limit: number,
): Promise<{ lots: LotAsOf[]; before: bigint }> {
  const { rows } = await db.query<Row>({
    name: 'lots-as-of',
    text: `
      WITH granting AS MATERIALIZED (
        SELECT 'grants-' || $1::smallint || '-' || sequence AS lot_id, sequence FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2 AND journal = 'grants' AND sequence <= $3
          AND recorded_at <= (
            SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $3)
        ORDER BY recorded_at DESC, journal DESC, sequence DESC LIMIT $6
      )
      SELECT granting.sequence, made.*, parts.*
      FROM granting LEFT JOIN LATERAL (
          SELECT lot_id, unit, program, expires_at, granted FROM audit.lot AS lot
          WHERE lot.shard = $1 AND lot.lot_id = granting.lot_id OFFSET 0) AS made ON true,
        LATERAL (
          SELECT ${PARTS.map(
            ([name, condition]) =>
              `coalesce(sum(amount) FILTER (WHERE ${condition}), 0) AS ${name}`,
          ).join(',\n            ')}
          FROM audit.posting AS posting
          WHERE posting.shard = $1 AND posting.lot_id = granting.lot_id
            AND posting.sequence <= CASE journal WHEN 'grants' THEN $4::bigint ELSE $5::bigint END
        ) AS parts
      ORDER BY granting.sequence DESC`,
    values: [shard, merchantId, before, cut.grants, cut.promotions, limit],
  });
  return {
    lots: rows.filter((row) => row.lot_id !== null).map(toLot),
    before: rows.length < limit ? 0n : rows.at(-1)!.sequence - 1n,
  };
}

/** What a lot's postings say has become of it. What is owed for it had been used, and is not taken out of it. */
const PARTS = [
  ['available', "account LIKE 'merchant:%:available'"],
  ['reserved', "account LIKE 'merchant:%:reserved'"],
  ['spent', "account LIKE 'spent:%'"],
  ['expired', "account LIKE 'expired:%'"],
  ['clawed_back', String.raw`account LIKE 'clawed\_back:%'`],
] as const;

interface LotRow {
  lot_id: string;
  sequence: bigint;
  unit: Unit;
  program: string;
  expires_at: Date;
  granted: bigint;
  available: bigint;
  reserved: bigint;
  spent: bigint;
  expired: bigint;
  clawed_back: bigint;
}

type Row = LotRow | { lot_id: null; sequence: bigint };

function toLot(row: LotRow): LotAsOf {
  return {
    lotId: row.lot_id,
    sequence: row.sequence,
    unit: row.unit,
    program: row.program,
    expiresAt: row.expires_at,
    granted: row.granted,
    available: row.available,
    reserved: row.reserved,
    spent: row.spent,
    expired: row.expired,
    clawedBack: row.clawed_back,
  };
}
