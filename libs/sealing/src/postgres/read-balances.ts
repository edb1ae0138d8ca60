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

/** Leaves read at a time: what bounds the memory where a shard has many merchants. */
const LEAVES_A_TIME = 512;

/** Balances by the leaf, within their shard, that they are in. */
export type BalancesByLeaf = Map<number, AccountBalance[]>;

/** Sets all leaves of a shard, a slice of them at a time, and tells what is in each slice. */
export async function loadTree(
  db: Queryable,
  tree: ShardBalanceTree,
  adjust: (balances: BalancesByLeaf) => void = () => undefined,
): Promise<void> {
  for (let first = 0; first < LEAVES_PER_SHARD; first += LEAVES_A_TIME) {
    const leaves = Array.from({ length: LEAVES_A_TIME }, (_, i) => first + i);
    const balances = await readBalances(db, tree.shard, leaves);
    adjust(balances);
    for (const [leaf, of] of balances) tree.set(leaf, of);
  }
}

/** The balances of a shard in some of its leaves, over both journals; a leaf without any has an empty list. */
export async function readBalances(
  db: Queryable,
  shard: number,
  leaves: readonly number[],
): Promise<BalancesByLeaf> {
  const balances: BalancesByLeaf = new Map(leaves.map((leaf) => [leaf, []]));
  for (const row of await readMerchantRows(db, shard, leaves)) {
    const { leaf, merchant_id: merchantId, account, unit, balance } = row;
    balances
      .get(leaf)!
      .push({ account: accountName(account, merchantId), unit, balance });
  }
  if (balances.has(OWN_LEAF))
    balances.set(OWN_LEAF, await readOwnBalances(db, shard));
  return balances;
}

async function readMerchantRows(
  db: Queryable,
  shard: number,
  leaves: readonly number[],
) {
  const { rows } = await db.query<{
    leaf: number;
    merchant_id: string;
    account: MerchantAccountClass;
    unit: Unit;
    balance: bigint;
  }>({
    name: 'read-balances-in-leaves',
    text: `
      SELECT leaf, merchant_id, account, unit, sum(amount) AS balance
      FROM unnest($2::integer[]) AS wanted (leaf), LATERAL (
        SELECT merchant_id, account, unit, amount FROM merchant_balance
        -- Shard and account are kept from the planner, so that no other index than that of buckets can seem to help.
        WHERE shard = (SELECT $1::smallint) AND balance_bucket(merchant_id) = leaf - 1 OFFSET 0) AS within
      WHERE account = ANY ($3::text[])
      GROUP BY leaf, merchant_id, account, unit`,
    values: [shard, leaves, MERCHANT_ACCOUNT_CLASSES],
  });
  return rows;
}

/** Of the accounts that belong to no merchant. */
async function readOwnBalances(
  db: Queryable,
  shard: number,
): Promise<AccountBalance[]> {
  const { rows } = await db.query<AccountBalance>({
    name: 'read-own-balances',
    text: `
      SELECT account, unit, sum(amount) AS balance FROM shard_balance
      WHERE shard = $1 GROUP BY account, unit`,
    values: [shard],
  });
  return rows.filter(({ account }) => !isMerchantAccount(account));
}
