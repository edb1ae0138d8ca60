import type { Unit } from '@app/contracts';
import {
  cursorOf,
  cutOfShard,
  isOpen,
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
  while (found.length <= limit) {
    const page = await readLots(db, merchant, at, before, limit + 1);
    found.push(...page.filter((lot) => !isOpen(lot)));
    if (page.length <= limit) break;
    before = page.at(-1)!.sequence - 1n;
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
  while (!search.isDone) {
    const page = await readLots(db, merchant, at, before, SEARCH_PAGE);
    for (const lot of page) {
      search.see(lot);
      if (isOpen(lot)) open.push(lot);
    }
    if (page.length < SEARCH_PAGE) break;
    before = page.at(-1)!.sequence - 1n;
  }
  return open;
}

/** Lots that were granted up to an entry, the last first, each as it was at the cut. */
async function readLots(
  db: Queryable,
  { shard, merchantId }: MerchantPlace,
  cut: JournalCut,
  before: bigint,
  limit: number,
): Promise<LotAsOf[]> {
  const { rows } = await db.query<LotRow>({
    name: 'lots-as-of',
    text: `
      WITH granted AS MATERIALIZED (
        SELECT 'grants-' || $1::smallint || '-' || sequence AS lot_id, sequence FROM audit.entry
        WHERE shard = $1 AND merchant_id = $2 AND journal = 'grants' AND kind = 'grant' AND sequence <= $3
          AND recorded_at <= (
            SELECT recorded_at FROM audit.entry WHERE shard = $1 AND journal = 'grants' AND sequence = $3)
        ORDER BY recorded_at DESC, journal DESC, sequence DESC LIMIT $6
      )
      SELECT granted.lot_id, granted.sequence, lot.unit, lot.program, lot.expires_at, lot.granted,
        parts.*
      FROM granted JOIN audit.lot AS lot ON lot.shard = $1 AND lot.lot_id = granted.lot_id, LATERAL (
        SELECT ${PARTS.map(
          ([name, account]) =>
            `coalesce(sum(amount) FILTER (WHERE account LIKE '${account}'), 0) AS ${name}`,
        ).join(',\n          ')}
        FROM audit.posting AS posting
        WHERE posting.shard = $1 AND posting.lot_id = granted.lot_id
          AND posting.sequence <= CASE journal WHEN 'grants' THEN $4::bigint ELSE $5::bigint END
      ) AS parts
      ORDER BY granted.sequence DESC`,
    values: [shard, merchantId, before, cut.grants, cut.promotions, limit],
  });
  return rows.map((row) => ({
    lotId: row.lot_id,
    sequence: row.sequence,
    unit: row.unit,
    program: row.program,
    expiresAt: row.expires_at,
    granted: row.granted,
    available: row.available,
    reserved: row.reserved,
    payable: row.payable,
    spent: row.spent,
    expired: row.expired,
    clawedBack: row.clawed_back,
    paidOut: row.paid_out,
  }));
}

/** What a lot's postings say has become of it, by account. */
const PARTS = [
  ['available', 'merchant:%:available'],
  ['reserved', 'merchant:%:reserved'],
  ['payable', 'merchant:%:payable'],
  ['spent', 'spent:%'],
  ['expired', 'expired:%'],
  ['clawed_back', String.raw`clawed\_back:%`],
  ['paid_out', String.raw`paid\_out`],
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
  payable: bigint;
  spent: bigint;
  expired: bigint;
  clawed_back: bigint;
  paid_out: bigint;
}
