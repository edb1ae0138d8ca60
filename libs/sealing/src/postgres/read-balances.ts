import type { Unit } from '@app/contracts';
import {
  accountName,
  isMerchantAccount,
  MERCHANT_ACCOUNT_CLASSES,
  type MerchantAccountClass,
} from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import {
  LEAVES_PER_SHARD,
  OWN_LEAF,
  type AccountBalance,
} from '../balance-leaf.js';
import type { ShardBalanceTree } from '../balance-tree.js';

/** Leaves read at a time: what bounds the memory where a shard has many merchants, or many shards have moved. */
const LEAVES_A_TIME = 512;

/** Balances by the leaf, within their shard, that they are in. */
export type BalancesByLeaf = Map<number, AccountBalance[]>;

/** A leaf within its shard. */
export interface LeafPlace {
  shard: number;
  leaf: number;
}

/** Sets all leaves of a shard, a slice of them at a time, and tells what is in each slice. */
export async function loadTree(
  db: Queryable,
  tree: ShardBalanceTree,
  adjust: (balances: BalancesByLeaf) => void = () => undefined,
): Promise<void> {
  const { shard } = tree;
  const all = Array.from({ length: LEAVES_PER_SHARD }, (_, leaf) => ({
    shard,
    leaf,
  }));
  for await (const read of readBalances(db, all)) {
    const balances = read.get(shard)!;
    adjust(balances);
    for (const [leaf, of] of balances) tree.set(leaf, of);
  }
}

/**
 * The balances of shards in some of their leaves, over both journals, by shard and a slice of the leaves at a time; a
 * leaf without any has an empty list.
 */
export async function* readBalances(
  db: Queryable,
  places: readonly LeafPlace[],
): AsyncGenerator<Map<number, BalancesByLeaf>> {
  for (let first = 0; first < places.length; first += LEAVES_A_TIME)
    yield readSlice(db, places.slice(first, first + LEAVES_A_TIME));
}

async function readSlice(
  db: Queryable,
  places: readonly LeafPlace[],
): Promise<Map<number, BalancesByLeaf>> {
  const balances = new Map<number, BalancesByLeaf>();
  for (const { shard, leaf } of places) {
    const ofShard = balances.get(shard) ?? (new Map() as BalancesByLeaf);
    balances.set(shard, ofShard.set(leaf, []));
  }
  for (const row of await readMerchantRows(db, places)) {
    const { shard, leaf, merchant_id: merchantId, unit, balance } = row;
    const account = accountName(row.account, merchantId);
    balances.get(shard)!.get(leaf)!.push({ account, unit, balance });
  }
  const ownShards = places
    .filter(({ leaf }) => leaf === OWN_LEAF)
    .map(({ shard }) => shard);
  for (const row of await readOwnRows(db, ownShards)) {
    const { shard, account, unit, balance } = row;
    balances.get(shard)!.get(OWN_LEAF)!.push({ account, unit, balance });
  }
  return balances;
}

async function readMerchantRows(db: Queryable, places: readonly LeafPlace[]) {
  const { rows } = await db.query<{
    shard: number;
    leaf: number;
    merchant_id: string;
    account: MerchantAccountClass;
    unit: Unit;
    balance: bigint;
  }>({
    name: 'read-balances-in-leaves',
    text: `
      SELECT wanted.shard, leaf, merchant_id, account, unit, sum(amount) AS balance
      FROM unnest($1::smallint[], $2::integer[]) AS wanted (shard, leaf), LATERAL (
        SELECT merchant_id, account, unit, amount FROM merchant_balance
        -- The account is kept from the planner, so that no other index than that of buckets can seem to help.
        WHERE shard = wanted.shard AND balance_bucket(merchant_id) = leaf - 1 OFFSET 0) AS within
      WHERE account = ANY ($3::text[])
      GROUP BY wanted.shard, leaf, merchant_id, account, unit`,
    values: [
      places.map(({ shard }) => shard),
      places.map(({ leaf }) => leaf),
      MERCHANT_ACCOUNT_CLASSES,
    ],
  });
  return rows;
}

/** Of the accounts that belong to no merchant. */
async function readOwnRows(db: Queryable, shards: readonly number[]) {
  if (shards.length === 0) return [];
  const { rows } = await db.query<AccountBalance & { shard: number }>({
    name: 'read-own-balances',
    text: `
      SELECT shard, account, unit, sum(amount) AS balance FROM shard_balance
      WHERE shard = ANY ($1::smallint[]) GROUP BY shard, account, unit`,
    values: [shards],
  });
  return rows.filter(({ account }) => !isMerchantAccount(account));
}
