import type { Unit } from '@app/contracts';
import type { AccountClass, MerchantPlace } from '@app/ledger';
import type { MerchantReader } from '../read-model/moment-readers.js';
import {
  inOrderOfUse,
  lastToExpireFirst,
  remainingOf,
  type Balance,
  type UsedLot,
} from './wallet.js';

/** As many as are looked up one by one: of most merchants, all. */
const LOTS_MAX = 100;

export interface WalletRows {
  balances: readonly Balance[];
  /** In the order of the wallet. */
  lots: readonly UsedLot[];
}

interface BalanceRow {
  lot_id: null;
  name: AccountClass;
  unit: Unit;
  amount: bigint;
}

interface LotRow {
  lot_id: string;
  /** Of the program. */
  name: string;
  unit: Unit;
  /** Granted. */
  amount: bigint;
  expires_at: Date;
  spent: bigint | null;
  expired: bigint | null;
  clawed_back: bigint | null;
}

/**
 * All that a wallet is made of, with one query.
 *
 * @returns null where there are more lots than it looks up
 */
export async function readSmallWallet(
  reader: MerchantReader,
  { shard, merchantId }: MerchantPlace,
): Promise<WalletRows | null> {
  const rows = await reader.query<BalanceRow | LotRow>({
    name: 'small-wallet',
    text: `
      SELECT NULL AS lot_id, account AS name, unit, amount, NULL::timestamptz AS expires_at,
        NULL::bigint AS spent, NULL::bigint AS expired, NULL::bigint AS clawed_back
      FROM merchant_balance WHERE shard = $1 AND merchant_id = $2
      UNION ALL
      (SELECT lot.lot_id, program, unit, lot.granted, expires_at, use.spent, use.expired, use.clawed_back
       FROM lot LEFT JOIN lot_use AS use ON use.shard = lot.shard AND use.lot_id = lot.lot_id
       WHERE lot.shard = $1 AND lot.merchant_id = $2 ORDER BY expires_at DESC LIMIT ${LOTS_MAX + 1})`,
    values: [shard, merchantId],
  });
  const balances: Balance[] = [];
  const open: UsedLot[] = [];
  const closed: UsedLot[] = [];
  for (const row of rows) {
    if (row.lot_id === null) {
      balances.push({ account: row.name, unit: row.unit, amount: row.amount });
      continue;
    }
    const lot = toLot(row);
    (remainingOf(lot) > 0n ? open : closed).push(lot);
  }
  if (open.length + closed.length > LOTS_MAX) return null;
  return {
    balances,
    lots: [...open.sort(inOrderOfUse), ...closed.sort(lastToExpireFirst)],
  };
}

function toLot({ lot_id: lotId, name, unit, amount, ...row }: LotRow): UsedLot {
  const { spent, expired, clawed_back: clawedBack } = row;
  return {
    lotId,
    unit,
    granted: amount,
    expiresAt: row.expires_at,
    program: name,
    use:
      spent === null
        ? null
        : { spent, expired: expired!, clawedBack: clawedBack! },
  };
}
