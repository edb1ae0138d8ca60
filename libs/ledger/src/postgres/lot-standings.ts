import type { Unit } from '@app/contracts';
import type { LotStanding } from '../lot-standing.js';
import type { Pool } from './pool.js';

/**
 * Grants of traffic as both journals have them now, by the ids of their entries; cash, and what is no grant, is left
 * out. They stay as they are for as long as the head of the shard's promotions does.
 */
export async function readLotStandings(
  pool: Pool,
  shard: number,
  lotIds: readonly string[],
): Promise<Map<string, LotStanding>> {
  const sequences = [...new Set(lotIds)].flatMap((lotId) =>
    sequenceOf(shard, lotId),
  );
  if (sequences.length === 0) return new Map();
  const { rows } = await pool.query<Row>({
    name: 'read-lot-standings',
    text: LOT_STANDINGS,
    values: [shard, sequences],
  });
  return new Map(rows.map((row) => [row.lot_id, toStanding(row)]));
}

/** Every part is looked up by a key of its own. */
const LOT_STANDINGS = `
  SELECT named.lot_id, merchant_id, program, given.unit, given.amount AS given, coalesce(lot.granted, 0) AS granted,
    coalesce(reserved + spent, 0) AS used, coalesce(expired, 0) AS expired, coalesce(clawed_back, 0) AS clawed_back,
    debts.owed
  FROM (
      SELECT sequence, format('grants-%s-%s', $1::smallint, sequence) AS lot_id
      FROM unnest($2::bigint[]) AS asked (sequence)) AS named, LATERAL (
      SELECT merchant_id, program FROM entry
      WHERE entry.shard = $1 AND journal = 'grants' AND entry.sequence = named.sequence
        AND merchant_id IS NOT NULL AND program IS NOT NULL OFFSET 0) AS granting, LATERAL (
      SELECT unit, -sum(amount) AS amount FROM posting
      WHERE posting.shard = $1 AND journal = 'grants' AND posting.sequence = named.sequence
        AND account LIKE 'pool:%' AND unit <> 'CNY' GROUP BY unit HAVING sum(amount) < 0 OFFSET 0) AS given, LATERAL (
      SELECT -coalesce(sum(amount), 0) AS owed FROM posting
      WHERE posting.shard = $1 AND posting.lot_id = named.lot_id AND journal = 'promotions'
        AND account LIKE 'merchant:%:owed' OFFSET 0) AS debts
    LEFT JOIN LATERAL (
      SELECT granted FROM lot WHERE lot.shard = $1 AND lot.lot_id = named.lot_id OFFSET 0) AS lot ON true
    LEFT JOIN LATERAL (
      SELECT reserved, spent, expired, clawed_back FROM lot_use
      WHERE lot_use.shard = $1 AND lot_use.lot_id = named.lot_id OFFSET 0) AS use ON true`;

interface Row {
  lot_id: string;
  merchant_id: string;
  program: string;
  unit: Unit;
  given: bigint;
  granted: bigint;
  used: bigint;
  expired: bigint;
  clawed_back: bigint;
  owed: bigint;
}

function toStanding({ granted, expired, owed, ...row }: Row): LotStanding {
  return {
    lotId: row.lot_id,
    merchantId: row.merchant_id,
    program: row.program,
    unit: row.unit,
    granted,
    // All came out of the pool: what is in no lot settled a debt.
    keptBack: row.given - granted,
    available: granted - row.used - expired - row.clawed_back,
    expired,
    clawedBack: row.clawed_back,
    owed,
  };
}

/** Of the entry of this shard that granted it; none where it is no such id. */
function sequenceOf(shard: number, lotId: string): bigint[] {
  const [, ofShard, sequence] =
    /^grants-(\d{1,5})-([1-9]\d{0,17})$/.exec(lotId) ?? [];
  return sequence !== undefined && Number(ofShard) === shard
    ? [BigInt(sequence)]
    : [];
}
