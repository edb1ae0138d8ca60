import { hash } from 'node:crypto';
import type { Unit } from '@app/contracts';
import { lengthPrefixed } from '@app/ledger';
import { compareBytes } from './fields.js';
import { SealError } from './seal-error.js';

/** Leads the bytes of a leaf of the tree of balances. */
const LAYOUT = 'traffic-reward-ledger/balances/v1';

/** The leaves that a shard has in the tree: a power of two, so that each shard is a subtree. */
export const LEAVES_PER_SHARD = 4096;

/** The leaf, within a shard, of the accounts that belong to no merchant. */
export const OWN_LEAF = 0;

const BUCKETS = LEAVES_PER_SHARD - 1;

/**
 * The leaf, within its shard, that all of a merchant's accounts are in: `1 + balance_bucket(merchant_id)` in the
 * database.
 */
export function balanceLeafOf(merchantId: string): number {
  return 1 + (hash('md5', merchantId, 'buffer').readUInt32BE() % BUCKETS);
}

/** What an account has in one unit, over both journals. */
export interface AccountBalance {
  /** In full. */
  account: string;
  unit: Unit;
  balance: bigint;
}

/**
 * A leaf of the tree of balances: shard, place in the shard, and account, unit and balance of each that is not
 * zero, by the bytes of account and unit; every field led by its length. An account that is not there has nothing.
 *
 * @throws SealError where an account is given twice
 */
export function balanceLeaf(
  shard: number,
  leaf: number,
  balances: readonly AccountBalance[],
): Buffer {
  const sorted = balances
    .filter(({ balance }) => balance !== 0n)
    .sort(
      (a, b) =>
        compareBytes(a.account, b.account) || compareBytes(a.unit, b.unit),
    );
  const fields = [LAYOUT, String(shard), String(leaf)];
  sorted.forEach(({ account, unit, balance }, i) => {
    if (account === sorted[i - 1]?.account && unit === sorted[i - 1]?.unit)
      throw new SealError(`${account} has two balances in ${unit}`);
    fields.push(account, unit, String(balance));
  });
  return lengthPrefixed(fields);
}
