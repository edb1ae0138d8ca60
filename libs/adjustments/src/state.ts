import type { Unit } from '@app/contracts';
import type { Adjustment, AdjustmentState, LotStanding } from '@app/ledger';
import {
  readLotStandings,
  type JournalHead,
  type Pool,
} from '@app/ledger/postgres';

/** The name under which the head of `promotions` keeps its position in `grants`. */
const GRANTS = 'grants';

/**
 * Reads what deciding on an adjustment needs.
 *
 * @param head of the journal that the adjustment is written to, read before
 */
export async function readAdjustmentState(
  pool: Pool,
  shard: number,
  adjustment: Adjustment,
  head: JournalHead,
): Promise<AdjustmentState> {
  const nothing = { pool: 0n, owed: 0n, payable: 0n, lot: null };
  switch (adjustment.type) {
    case 'give':
    case 'cash': {
      const { merchantId, program } = adjustment;
      const unit = adjustment.type === 'cash' ? 'CNY' : adjustment.unit;
      return {
        ...nothing,
        pool: await readPool(pool, shard, program, unit),
        owed: -(await readBalance(pool, shard, merchantId, 'owed', unit)),
      };
    }
    case 'budget': {
      const { program, unit } = adjustment;
      return {
        ...nothing,
        pool: await readPool(pool, shard, program, unit),
      };
    }
    case 'payout': {
      const { merchantId } = adjustment;
      return {
        ...nothing,
        payable: await readBalance(pool, shard, merchantId, 'payable', 'CNY'),
      };
    }
    case 'take_back': {
      const lot = await readLot(pool, shard, adjustment.lotId);
      const next = head.consumed[GRANTS] ?? 0n;
      return {
        ...nothing,
        lot: lot && { ...lot, isFollowed: next > sequenceOf(lot.lotId) },
      };
    }
  }
}

async function readPool(
  pool: Pool,
  shard: number,
  program: string,
  unit: Unit,
): Promise<bigint> {
  const { rows } = await pool.query<{ amount: bigint }>(
    `SELECT amount FROM shard_balance WHERE shard = $1 AND journal = $2 AND account = $3 AND unit = $4`,
    [shard, GRANTS, `pool:${program}`, unit],
  );
  return rows[0]?.amount ?? 0n;
}

async function readBalance(
  pool: Pool,
  shard: number,
  merchantId: string,
  account: 'owed' | 'payable',
  unit: Unit,
): Promise<bigint> {
  const { rows } = await pool.query<{ amount: bigint }>(
    `SELECT coalesce(sum(amount), 0) AS amount FROM merchant_balance
     WHERE shard = $1 AND merchant_id = $2 AND account = $3 AND unit = $4`,
    [shard, merchantId, account, unit],
  );
  return rows[0]!.amount;
}

/** A grant as both journals have it; null where there is none. */
export async function readLot(
  pool: Pool,
  shard: number,
  lotId: string,
): Promise<LotStanding | null> {
  const lots = await readLotStandings(pool, shard, [lotId]);
  return lots.get(lotId) ?? null;
}

/** Of the entry that made a lot. */
function sequenceOf(lotId: string): bigint {
  return BigInt(lotId.slice(lotId.lastIndexOf('-') + 1));
}
