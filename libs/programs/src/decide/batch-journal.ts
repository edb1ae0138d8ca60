import { entryId, isCash, type EntryDraft, type NewLot } from '@app/ledger';
import type { DeservedReward, Reached } from './deserved.js';
import { PoolSlices } from './pool.js';
import type { GrantLeft } from '../progress.js';
import { Purses } from './purse.js';
import {
  clawbackEntry,
  grantEntry,
  unpaidReward,
  type Decided,
  type RewardGrant,
  type TakenBack,
  type UnpaidReward,
} from './reward-entry.js';

/** The grants journal's last entry: the first draft becomes the entry behind it. */
export interface JournalPlace {
  shard: number;
  sequence: bigint;
}

/** What pools and merchants have. */
export interface Funds {
  /** By {@link poolKey}: what is left in this shard's slice of each pool. */
  pools: ReadonlyMap<string, bigint>;
  /** By {@link purseKey}: what merchants of the batch owe, where they do. */
  owed: ReadonlyMap<string, bigint>;
  /** By {@link purseKey}: what merchants of the batch are still to be paid in cash. */
  payable: ReadonlyMap<string, bigint>;
}

/** The entries of a batch as they pile up, and what they leave in pools and purses. */
export class BatchJournal {
  readonly drafts: EntryDraft[] = [];
  readonly lots: NewLot[] = [];
  readonly unpaid: UnpaidReward[] = [];
  readonly #pools: PoolSlices;
  readonly #owed: Purses;
  readonly #payable: Purses;

  constructor(
    { pools, owed, payable }: Funds,
    private readonly place: JournalPlace,
  ) {
    this.#pools = new PoolSlices(pools);
    this.#owed = new Purses(owed);
    this.#payable = new Purses(payable);
  }

  /** By {@link poolKey}: what pools had too little for, in all. */
  get short(): ReadonlyMap<string, bigint> {
    return this.#pools.short;
  }

  /** What the batch has changed of pools and purses. */
  get funds(): Funds {
    return {
      pools: this.#pools.changed,
      owed: this.#owed.changed,
      payable: this.#payable.changed,
    };
  }

  /**
   * Grants what is allowed of a reward, as far as the pool has it.
   *
   * @returns the grant; null where there is nothing to grant, which is noted among the unpaid
   */
  grant(
    decided: Decided,
    reached: Reached,
    reward: DeservedReward,
    {
      promisedBefore,
      allowed,
    }: Pick<RewardGrant, 'promisedBefore' | 'allowed'>,
  ): GrantLeft | null {
    const { unit, amount: promised } = reward;
    const { merchantId, goal } = decided;
    const granted = this.#pools.take(goal.held.poolKeys[unit], allowed);
    if (granted === 0n) {
      const because = allowed === 0n ? 'capped' : 'pool_dry';
      this.unpaid.push(unpaidReward(decided, reached, unit, promised, because));
      return null;
    }
    const id = this.#nextEntryId();
    const { draft, keptBack, lot } = grantEntry(decided, reached, reward, {
      promised,
      promisedBefore,
      allowed,
      granted,
      owed: this.#owed.of(merchantId, unit),
      entryId: id,
    });
    this.drafts.push(draft);
    if (lot) this.lots.push(lot);
    this.#owed.add(merchantId, unit, -keptBack);
    if (isCash(unit)) this.#payable.add(merchantId, unit, granted - keptBack);
    return { entryId: id, amount: granted };
  }

  takeBack(decided: Decided, taken: Omit<TakenBack, 'payable'>): void {
    const { merchantId } = decided;
    const { unit, grants } = taken;
    // What was granted under a version that takes nothing back names no grants, and stays.
    const amount = isCash(unit)
      ? taken.amount
      : grants.reduce((sum, grant) => sum + grant.amount, 0n);
    if (amount === 0n) return;
    const { draft, fromPayable, owed } = clawbackEntry(decided, {
      ...taken,
      amount,
      payable: this.#payable.of(merchantId, unit),
    });
    this.drafts.push(draft);
    this.#payable.add(merchantId, unit, -fromPayable);
    this.#owed.add(merchantId, unit, owed);
  }

  #nextEntryId(): string {
    const { shard, sequence } = this.place;
    const next = sequence + BigInt(this.drafts.length) + 1n;
    return entryId('grants', shard, next);
  }
}
