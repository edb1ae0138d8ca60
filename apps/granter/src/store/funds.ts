import type { Unit } from '@app/contracts';
import type { Queryable } from '@app/ledger/postgres';
import { poolKey, purseKey, type GrantState } from '@app/programs';

export type Funds = Pick<GrantState, 'pools' | 'owed' | 'payable'>;

/** What is left in pools, and what these merchants owe and are to be paid. */
export async function readFunds(
  db: Queryable,
  shard: number,
  merchantIds: readonly string[],
): Promise<Funds> {
  const { rows } = await db.query<{
    account: string;
    unit: Unit;
    amount: bigint;
  }>({
    name: 'read-funds',
    text: `
      SELECT account, unit, sum(amount) AS amount FROM shard_balance
      WHERE shard = $1 AND ((journal = 'grants' AND account LIKE 'pool:%') OR account IN ('owed', 'payable'))
      GROUP BY account, unit`,
    values: [shard],
  });
  const pools = rows.filter(({ account }) => account.startsWith('pool:'));
  // Hardly any merchant owes anything: only where one of the shard does, we ask who.
  const isAny = rows.some(
    ({ account, amount }) => !account.startsWith('pool:') && amount !== 0n,
  );
  return {
    pools: new Map(
      pools.map(({ account, unit, amount }) => [
        poolKey(account.slice('pool:'.length), unit),
        amount,
      ]),
    ),
    ...(isAny
      ? await readPurses(db, shard, merchantIds)
      : {
          owed: new Map<string, bigint>(),
          payable: new Map<string, bigint>(),
        }),
  };
}

/** Slices of pools that there are in shards: those with something left. */
export async function readSlices(
  db: Queryable,
  shards: readonly number[],
): Promise<{ shard: number; key: string; left: bigint }[]> {
  const { rows } = await db.query<{
    shard: number;
    account: string;
    unit: Unit;
    amount: bigint;
  }>({
    name: 'read-slices',
    text: `
      SELECT shard, account, unit, amount FROM shard_balance
      WHERE shard = ANY ($1::smallint[]) AND journal = 'grants' AND account LIKE 'pool:%' AND amount > 0`,
    values: [shards],
  });
  return rows.map(({ shard, account, unit, amount }) => ({
    shard,
    key: poolKey(account.slice('pool:'.length), unit),
    left: amount,
  }));
}

async function readPurses(
  db: Queryable,
  shard: number,
  merchantIds: readonly string[],
): Promise<Pick<Funds, 'owed' | 'payable'>> {
  const { rows } = await db.query<{
    merchant_id: string;
    account: 'owed' | 'payable';
    unit: Unit;
    amount: bigint;
  }>({
    name: 'read-purses',
    text: `
      SELECT merchant_id, account, unit, sum(amount) AS amount FROM merchant_balance
      WHERE shard = (SELECT $1::smallint) AND merchant_id = ANY ($2::text[]) AND account IN ('owed', 'payable')
      GROUP BY merchant_id, account, unit HAVING sum(amount) <> 0`,
    values: [shard, merchantIds],
  });
  const purses = (account: string, sign: bigint) =>
    new Map(
      rows
        .filter((row) => row.account === account)
        .map((row) => [purseKey(row.merchant_id, row.unit), sign * row.amount]),
    );
  return { owed: purses('owed', -1n), payable: purses('payable', 1n) };
}
