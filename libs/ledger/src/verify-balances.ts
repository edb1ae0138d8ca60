import type { Unit } from '@app/contracts';
import { accountClassOf } from './account.js';
import {
  entryId,
  type Journal,
  type StoredEntry,
  type StoredPosting,
} from './entry.js';
import type { Finding } from './verify.js';

/** Where a class of account stood in a shard's journal after an entry: the last one of a commit. */
export interface BalanceAt {
  sequence: bigint;
  account: string;
  unit: Unit;
  amount: bigint;
}

/**
 * Goes along a journal of a shard and finds where what was kept of its classes of account is not the sum of the
 * postings up to there. Keeps one sum for each class and unit, of which there are as many as programs.
 */
export class ShardBalanceVerifier {
  readonly #sums = new Map<string, bigint>();

  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
  ) {}

  /**
   * @param entries the next ones, by rising sequence
   * @param balances those kept after one of these entries, by rising sequence
   */
  *check(
    entries: readonly StoredEntry[],
    balances: readonly BalanceAt[],
  ): Generator<Finding> {
    let next = 0;
    for (const { sequence, postings } of entries) {
      // Ahead of the entry: those of one that is missing.
      for (; next < balances.length && balances[next]!.sequence < sequence;)
        yield* this.#compare(balances[next++]!);
      for (const posting of postings) this.#add(posting);
      for (; balances[next]?.sequence === sequence;)
        yield* this.#compare(balances[next++]!);
    }
    while (next < balances.length) yield* this.#compare(balances[next++]!);
  }

  /** After the last entry. @param kept the shard's balances now, in this journal */
  *end(kept: readonly Omit<BalanceAt, 'sequence'>[]): Generator<Finding> {
    const named = new Set<string>();
    for (const { account, unit, amount } of kept) {
      named.add(keyOf(account, unit));
      const sum = this.#sums.get(keyOf(account, unit)) ?? 0n;
      if (sum !== amount) yield this.#off(account, unit, amount, sum);
    }
    for (const [key, sum] of this.#sums) {
      const [account, unit] = key.split('\n') as [string, Unit];
      if (sum !== 0n && !named.has(key))
        yield this.#off(account, unit, 0n, sum);
    }
  }

  #add({ account, unit, amount }: StoredPosting): void {
    const key = keyOf(accountClassOf(account), unit);
    this.#sums.set(key, (this.#sums.get(key) ?? 0n) + amount);
  }

  *#compare({
    sequence,
    account,
    unit,
    amount,
  }: BalanceAt): Generator<Finding> {
    const sum = this.#sums.get(keyOf(account, unit)) ?? 0n;
    if (sum === amount) return;
    const id = entryId(this.journal, this.shard, sequence);
    yield {
      shard: this.shard,
      entryId: id,
      problem: `shard_balance_at of ${id}: ${account} has ${amount} ${unit}, but the postings sum to ${sum}`,
    };
  }

  #off(account: string, unit: Unit, amount: bigint, sum: bigint): Finding {
    const { shard, journal } = this;
    return {
      shard,
      entryId: null,
      problem: `shard_balance of ${journal}-${shard}: ${account} has ${amount} ${unit}, but the postings sum to ${sum}`,
    };
  }
}

function keyOf(account: string, unit: Unit): string {
  return `${account}\n${unit}`;
}
