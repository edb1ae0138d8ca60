import type { Posting } from '../entry.js';
import type { NewLot } from '../lot.js';
import { binaryArray } from './binary-array.js';
import type { Statement } from './statement.js';

/** What writes the lots that entries of the grants journal make, in the transaction of these entries. */
export function insertLots(
  shard: number,
  lots: readonly NewLot[],
): Statement[] {
  if (lots.length === 0) return [];
  return [
    {
      name: 'insert-lots',
      text: `
      INSERT INTO lot (shard, lot_id, merchant_id, unit, granted, expires_at, program)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[])`,
      values: [
        shard,
        binaryArray.text(lots.map(({ lotId }) => lotId)),
        binaryArray.text(lots.map(({ merchantId }) => merchantId)),
        binaryArray.text(lots.map(({ unit }) => unit)),
        binaryArray.int8(lots.map(({ granted }) => granted)),
        binaryArray.timestamptz(lots.map(({ expiresAtMs }) => expiresAtMs)),
        binaryArray.text(lots.map(({ program }) => program)),
      ],
    },
  ];
}

/** What keeps the use of lots in step with entries of the promotions journal, in their transaction. */
export function addToLotUse(
  shard: number,
  entries: readonly { postings: readonly Posting[] }[],
): Statement[] {
  const uses = sumLotUse(entries);
  if (uses.length === 0) return [];
  const lotIds = uses.map(({ lotId }) => lotId);
  // Not one upsert: it would check the change for falling below zero, and not the sum.
  return [
    {
      name: 'make-lot-use',
      // The shard is hidden from the planner: of one that it knows no rows of, it would read all of them.
      text: `
      INSERT INTO lot_use (shard, lot_id, granted)
      SELECT shard, lot_id, granted FROM lot WHERE shard = (SELECT $1::smallint) AND lot_id = ANY ($2::text[])
      ON CONFLICT DO NOTHING`,
      values: [shard, lotIds],
    },
    {
      name: 'add-to-lot-use',
      text: `
      UPDATE lot_use AS known SET
        reserved = known.reserved + used.reserved,
        spent = known.spent + used.spent,
        expired = known.expired + used.expired,
        clawed_back = known.clawed_back + used.clawed_back
      FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
        AS used (lot_id, reserved, spent, expired, clawed_back)
      WHERE known.shard = $1 AND known.lot_id = used.lot_id`,
      values: [
        shard,
        lotIds,
        uses.map(({ reserved }) => reserved),
        uses.map(({ spent }) => spent),
        uses.map(({ expired }) => expired),
        uses.map(({ clawed_back }) => clawed_back),
      ],
    },
  ];
}

type LotUse = Record<'reserved' | 'spent' | 'expired' | 'clawed_back', bigint>;

function sumLotUse(
  entries: readonly { postings: readonly Posting[] }[],
): ({ lotId: string } & LotUse)[] {
  const uses = new Map<string, LotUse>();
  for (const { postings } of entries) {
    for (const { account, lotId, amount } of postings) {
      const [use] = account.split(':') as [string];
      if (lotId === null || !isLotUse(use)) continue;
      const known = uses.get(lotId) ?? {
        reserved: 0n,
        spent: 0n,
        expired: 0n,
        clawed_back: 0n,
      };
      known[use] += amount;
      uses.set(lotId, known);
    }
  }
  return [...uses].map(([lotId, use]) => ({ lotId, ...use }));
}

function isLotUse(name: string): name is keyof LotUse {
  return (
    name === 'reserved' ||
    name === 'spent' ||
    name === 'expired' ||
    name === 'clawed_back'
  );
}
