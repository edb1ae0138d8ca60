import type { Unit } from '@app/contracts';
import {
  balanceLeafOf,
  OWN_LEAF,
  type AccountBalance,
} from './balance-leaf.js';
import { ShardBalanceTree } from './balance-tree.js';

const MERCHANT = 'merchant:';

/** What was posted to an account in one unit. */
export interface Posted {
  /** In full. */
  account: string;
  unit: Unit;
  amount: bigint;
}

/**
 * The balances of one shard as its postings make them, over both journals, and the root over them at any moment on
 * the way. Holds each account that was posted to; hashes only the leaves that changed since it was last asked.
 */
export class FoldedBalances {
  readonly #tree: ShardBalanceTree;
  readonly #accounts = new Map<string, LeafBalance>();
  readonly #leaves = new Map<number, LeafBalance[]>();
  readonly #changed = new Set<number>();

  constructor(shard: number) {
    this.#tree = new ShardBalanceTree(shard);
  }

  add({ account, unit, amount }: Posted): void {
    // A unit has no spaces.
    const key = `${unit} ${account}`;
    const kept = this.#accounts.get(key) ?? this.#open(key, account, unit);
    kept.balance += amount;
    this.#changed.add(kept.leaf);
  }

  /** Over what was added up to now. */
  root(): Buffer {
    for (const leaf of this.#changed)
      this.#tree.set(leaf, this.#leaves.get(leaf)!);
    this.#changed.clear();
    return this.#tree.root();
  }

  #open(key: string, account: string, unit: Unit): LeafBalance {
    const leaf = leafOfAccount(account);
    const opened = { account, unit, balance: 0n, leaf };
    this.#accounts.set(key, opened);
    const beside = this.#leaves.get(leaf);
    if (beside) beside.push(opened);
    else this.#leaves.set(leaf, [opened]);
    return opened;
  }
}

interface LeafBalance extends AccountBalance {
  /** Within the shard. */
  leaf: number;
}

/** By its name alone, as it is proved: a merchant's id may hold colons, a class does not. */
function leafOfAccount(account: string): number {
  return account.startsWith(MERCHANT)
    ? balanceLeafOf(account.slice(MERCHANT.length, account.lastIndexOf(':')))
    : OWN_LEAF;
}
