import { Injectable } from '@nestjs/common';
import type { Unit } from '@app/contracts';
import type { AccountClass, MerchantPlace } from '@app/ledger';
import { AskedTogether } from '../read-model/asked-together.js';
import { MerchantReader } from '../read-model/moment-readers.js';
import {
  inOrderOfUse,
  lastToExpireFirst,
  remainingOf,
  type Balance,
  type UsedLot,
} from './wallet.js';

/** As many as are looked up one by one: of most merchants, all. */
const LOTS_MAX = 100;
/** One is answered while the other is on its way. */
const AT_A_TIME = { questionsMax: 2, keysMax: 50 };

export interface WalletRows {
  balances: readonly Balance[];
  /** In the order of the wallet. */
  lots: readonly UsedLot[];
}

interface BalanceRow {
  /** The merchant's place in the question, from 1. */
  asked: number;
  lot_id: null;
  name: AccountClass;
  unit: Unit;
  amount: bigint;
}

interface LotRow {
  asked: number;
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

/** Reads all that a wallet is made of, with one query for all merchants who are asked for at the same time. */
@Injectable()
export class SmallWallets {
  readonly #asked = new AskedTogether(
    (merchants: readonly MerchantPlace[], gone) =>
      this.#readRows(merchants, gone),
    AT_A_TIME,
  );

  constructor(private readonly reader: MerchantReader) {}

  /** @returns null where there are more lots than it looks up */
  async read(
    merchant: MerchantPlace,
    gone: AbortSignal,
  ): Promise<WalletRows | null> {
    return toWalletRows(await this.#asked.ask(merchant, gone));
  }

  async #readRows(
    merchants: readonly MerchantPlace[],
    gone: AbortSignal,
  ): Promise<(BalanceRow | LotRow)[][]> {
    const rows = await this.reader.query<BalanceRow | LotRow>(
      {
        name: 'small-wallets',
        text: `
        SELECT asked.number::int AS asked, of_merchant.*
        FROM unnest($1::smallint[], $2::text[]) WITH ORDINALITY AS asked (shard, merchant_id, number), LATERAL (
          SELECT NULL AS lot_id, account AS name, unit, amount, NULL::timestamptz AS expires_at,
            NULL::bigint AS spent, NULL::bigint AS expired, NULL::bigint AS clawed_back
          FROM merchant_balance AS balance
          WHERE balance.shard = asked.shard AND balance.merchant_id = asked.merchant_id
          UNION ALL
          (SELECT lot.lot_id, program, unit, lot.granted, expires_at, use.spent, use.expired, use.clawed_back
           FROM lot LEFT JOIN lot_use AS use ON use.shard = lot.shard AND use.lot_id = lot.lot_id
           WHERE lot.shard = asked.shard AND lot.merchant_id = asked.merchant_id
           ORDER BY expires_at DESC LIMIT ${LOTS_MAX + 1})
        ) AS of_merchant`,
        values: [
          merchants.map(({ shard }) => shard),
          merchants.map(({ merchantId }) => merchantId),
        ],
      },
      gone,
    );
    const byMerchant = merchants.map((): (BalanceRow | LotRow)[] => []);
    for (const row of rows) byMerchant[row.asked - 1]!.push(row);
    return byMerchant;
  }
}

function toWalletRows(
  rows: readonly (BalanceRow | LotRow)[],
): WalletRows | null {
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
