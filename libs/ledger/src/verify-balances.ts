import type { Unit } from '@app/contracts';
import { entryId, type Journal } from './entry.js';
import type { Finding } from './verify.js';

/** Where a class of account stood in a shard's journal after an entry: the last one of a commit. */
export interface BalanceAt {
  sequence: bigint;
  account: string;
  unit: Unit;
  amount: bigint;
}

/**
 * Sums what is posted to the classes of account of a shard's journal, and finds where what was kept of them is another
 * sum. Keeps one for each class and unit, of which there are as many as programs.
 */
export class ShardBalanceVerifier {
  readonly #numbers = new Map<string, number>();
  /** By number: what the upper and the lower halves of amounts sum to, which is exact however large the sum. */
  readonly #high: number[] = [];
  readonly #low: number[] = [];

  constructor(
    private readonly journal: Journal,
    private readonly shard: number,
  ) {}

  /** @returns the number of a class of account in a unit */
  numberOf(account: string, unit: string): number {
    const key = keyOf(account, unit);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#high.length);
    this.#low.push(0);
    return this.#high.push(0) - 1;
  }

  /** @param high the upper half of the amount, with its sign, and `low` the lower half, without */
  add(number: number, high: number, low: number): void {
    const sum = this.#low[number]! + low;
    const carry = sum >= 2 ** 32 ? 1 : 0;
    this.#low[number] = sum - carry * 2 ** 32;
    this.#high[number]! += high + carry;
  }

  /** After the entry that the balance is of, and ahead of the next one. */
  compare({ sequence, account, unit, amount }: BalanceAt): Finding | null {
    const sum = this.#sumOf(this.#numbers.get(keyOf(account, unit)));
    if (sum === amount) return null;
    const id = entryId(this.journal, this.shard, sequence);
    return {
      shard: this.shard,
      entryId: id,
      problem: `shard_balance_at of ${id}: ${account} has ${amount} ${unit}, but the postings sum to ${sum}`,
    };
  }

  /** After the last entry. @param kept the shard's balances now, in this journal */
  *end(kept: readonly Omit<BalanceAt, 'sequence'>[]): Generator<Finding> {
    const named = new Set<string>();
    for (const { account, unit, amount } of kept) {
      const key = keyOf(account, unit);
      named.add(key);
      const sum = this.#sumOf(this.#numbers.get(key));
      if (sum !== amount) yield this.#off(account, unit, amount, sum);
    }
    for (const [key, number] of this.#numbers) {
      const [account, unit] = key.split('\n') as [string, Unit];
      const sum = this.#sumOf(number);
      if (sum !== 0n && !named.has(key))
        yield this.#off(account, unit, 0n, sum);
    }
  }

  #sumOf(number: number | undefined): bigint {
    return number === undefined
      ? 0n
      : (BigInt(this.#high[number]!) << 32n) + BigInt(this.#low[number]!);
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

function keyOf(account: string, unit: string): string {
  return `${account}\n${unit}`;
}
