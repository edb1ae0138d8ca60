import {
  leaseDraft,
  leasedAccount,
  type EntryDraft,
  type LeaseStep,
  type Passage,
} from '@app/ledger';
import { amountToLend } from '../src/lease.js';

const UNIT = 'ANY_IMP';
const PROGRAM = 'small';
const POOL = `pool:${PROGRAM}`;

/** What one process does, a read or a commit at a time: dropped between any two, it has crashed there. */
type Steps = Generator<void, void>;

/**
 * Shards of a ledger that lease one pool, with a compare-and-set on the head of each. A step reads one shard, or commits
 * to one; between two steps of one writer, others take as many as they like.
 */
export class LeasingShards {
  granted = 0n;
  readonly home = 0;
  readonly #balances: Map<string, bigint>[];
  readonly #revisions: number[];

  constructor(
    readonly total: bigint,
    readonly shardCount: number,
  ) {
    this.#balances = Array.from({ length: shardCount }, () => new Map());
    this.#revisions = Array.from({ length: shardCount }, () => 0);
    this.#balances[this.home]!.set(POOL, total);
  }

  /** Lends what a shard is short of, from home. */
  *lend(shard: number, needed: bigint): Steps {
    const { home, shardCount } = this;
    const passage = passageBetween(home, shard);
    const revision = this.#revisions[home]!;
    const left = this.pool(home);
    const sent = this.#leased(home, passage);
    yield;
    const underWay = sent + this.#leased(shard, passage);
    const has = this.pool(shard) + underWay;
    yield;
    const missing = needed > underWay ? needed - underWay : 0n;
    const amount = amountToLend({ left, has, missing, shardCount });
    this.#commit(home, revision, [['lend', passage, amount]]);
  }

  /** A batch: borrows what is under way, and grants as far as that and the slice go. */
  *grant(shard: number, wanted: bigint): Steps {
    const passage = passageBetween(this.home, shard);
    const revision = this.#revisions[shard]!;
    const slice = this.pool(shard);
    const taken = this.#leased(shard, passage);
    yield;
    const underWay =
      shard === this.home ? 0n : taken + this.#leased(this.home, passage);
    yield;
    const left = slice + underWay;
    const granted = wanted < left ? wanted : left;
    if (!this.#commit(shard, revision, [['borrow', passage, underWay]])) return;
    this.#add(shard, POOL, -granted);
    this.granted += granted;
  }

  *giveBack(shard: number): Steps {
    if (shard === this.home) return;
    const revision = this.#revisions[shard]!;
    const slice = this.pool(shard);
    yield;
    const passage = passageBetween(shard, this.home);
    this.#commit(shard, revision, [['return', passage, slice]]);
  }

  *reclaim(shard: number): Steps {
    if (shard === this.home) return;
    const passage = passageBetween(shard, this.home);
    const revision = this.#revisions[this.home]!;
    const taken = this.#leased(this.home, passage);
    yield;
    const amount = taken + this.#leased(shard, passage);
    yield;
    this.#commit(this.home, revision, [['reclaim', passage, amount]]);
  }

  /** Grants until nothing can be granted in one shard any more, while the others do nothing. */
  drain(shard: number, wanted: bigint): void {
    for (let before = -1n; before !== this.granted;) {
      before = this.granted;
      this.#run(this.grant(shard, 0n));
      if (shard !== this.home && this.pool(shard) < wanted)
        this.#run(this.lend(shard, wanted - this.pool(shard)));
      this.#run(this.grant(shard, wanted));
    }
  }

  /** All shards but one give back what they have. */
  bringHomeBut(shard: number): void {
    for (let other = 0; other < this.shardCount; other++) {
      if (other === shard) continue;
      this.#run(this.grant(other, 0n));
      this.#run(this.giveBack(other));
      this.#run(this.reclaim(other));
    }
  }

  pool(shard: number): bigint {
    return this.#balances[shard]!.get(POOL) ?? 0n;
  }

  /** What is wrong now; nothing ever is. */
  faults(): string[] {
    const sums = new Map<string, bigint>();
    const faults: string[] = [];
    this.#balances.forEach((balances, shard) => {
      for (const [account, amount] of balances) {
        sums.set(account, (sums.get(account) ?? 0n) + amount);
        if (account === POOL && amount < 0n)
          faults.push(`shard ${shard} is overdrawn`);
      }
    });
    for (const [account, sum] of sums)
      if (sum < 0n) faults.push(`${account} has more taken than sent`);
    const all = [...sums.values()].reduce((a, b) => a + b, this.granted);
    if (all !== this.total) faults.push(`${all} units of ${this.total}`);
    return faults;
  }

  #run(steps: Steps): void {
    while (!steps.next().done);
  }

  #commit(
    shard: number,
    revision: number,
    slices: readonly [LeaseStep, Passage, bigint][],
  ): boolean {
    if (this.#revisions[shard] !== revision) return false;
    this.#revisions[shard]! += 1;
    for (const [step, passage, amount] of slices)
      if (amount !== 0n)
        this.#post(shard, leaseDraft(step, { passage, amount }, 0));
    return true;
  }

  #post(shard: number, { postings }: EntryDraft): void {
    for (const { account, amount } of postings)
      this.#add(shard, account, amount);
  }

  #add(shard: number, account: string, amount: bigint): void {
    const balances = this.#balances[shard]!;
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  }

  #leased(shard: number, passage: Passage): bigint {
    return this.#balances[shard]!.get(leasedAccount(passage)) ?? 0n;
  }
}

function passageBetween(fromShard: number, toShard: number): Passage {
  return { program: PROGRAM, unit: UNIT, fromShard, toShard };
}
