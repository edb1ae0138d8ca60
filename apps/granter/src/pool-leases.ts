import {
  leasedAccount,
  type LeaseReason,
  type Passage,
  type Slice,
} from '@app/ledger';
import {
  findReturned,
  findUnderWay,
  lendSlice,
  readPassagesFrom,
  readPools,
  takeUnderWay,
  type Pool,
} from '@app/ledger/postgres';
import {
  amountToLend,
  endsAtMs,
  homesAmong,
  issueDraft,
  lowWater,
  poolOf,
  reasonToReturn,
  sliceOf,
  UNUSED_MS,
  type HomeOf,
  type ProgramSet,
} from '@app/programs';
import type { ProgramSource } from './followed-programs.js';
import type { BudgetMoves } from './grant.js';
import { readSlices } from './store/funds.js';
import { Issues } from './store/issues.js';

/** What is left in a shard's pools, by `poolKey`. */
type Pools = ReadonlyMap<string, bigint>;

/** A pool in a shard. */
interface HeldSlice {
  shard: number;
  key: string;
  left: bigint;
}

/** A slice that is not drawn on. */
interface Use extends HeldSlice {
  /** Since when it has had so much left: milliseconds since the epoch. */
  sinceMs: number;
}

/**
 * Leases budgets for the shards of this process: issues them in their homes, lends slices from there, and brings home
 * what is not needed. What it remembers only saves looking: all that counts is in the ledger.
 */
export class PoolLeases {
  readonly issues: Issues;
  /** By shard and pool: below what a slice is topped up. */
  readonly #lowWater = new Map<string, bigint>();
  /** By shard and pool. */
  #uses: ReadonlyMap<string, Use> = new Map();
  /** By shard, pools that are to be returned. */
  #returns = new Map<number, { key: string; because: LeaseReason }[]>();
  /** By home: this process takes turns there, so as not to move the head before its own eyes. */
  readonly #turns = new Map<number, Promise<unknown>>();
  /** By program: milliseconds since the epoch. */
  #endsAtMs: ReadonlyMap<string, number> = new Map();
  /** The programs that these ends are of. */
  #ending: ProgramSet | null = null;

  /** @param homeOf as good as any, but the same for the life of an installation */
  constructor(
    private readonly pool: Pool,
    private readonly programs: Pick<ProgramSource, 'latest'>,
    private readonly shardCount: number,
    private readonly homeOf: HomeOf = homesAmong(shardCount),
  ) {
    this.issues = new Issues(pool, programs, homeOf);
  }

  /**
   * What becomes of a shard's pools ahead of a batch; slices that are low are lent more.
   *
   * @param isIdle whether the batch draws on nothing, so that slices may be returned
   */
  async prepare(
    shard: number,
    pools: Pools,
    nowMs: number,
    isIdle: boolean,
  ): Promise<BudgetMoves> {
    const issues = await this.issues.missingIn(shard);
    const returned = isIdle ? this.#takeReturns(shard, pools) : [];
    if (returned.length > 0)
      return { issues, borrowed: [], reclaimed: [], returned };
    const borrowed: Slice[] = [];
    for (const [key, has] of pools)
      if (this.#isLow({ shard, key, left: has }, nowMs))
        borrowed.push(...(await this.#borrow(shard, key, { has, nowMs })));
    return { issues, borrowed, reclaimed: [], returned };
  }

  /**
   * Gets what a decision was short of, or what there is of it.
   *
   * @param short by pool, beyond what `pools` and `moves` have
   * @returns null where there is nothing
   */
  async supply(
    shard: number,
    { pools, moves }: { pools: Pools; moves: BudgetMoves },
    short: Pools,
    nowMs: number,
  ): Promise<BudgetMoves | null> {
    let { borrowed, reclaimed } = moves;
    for (const [key, missing] of short) {
      const { program, unit } = poolOf(key);
      if (this.homeOf(program, unit) === shard) {
        const passage = { program, unit, fromShard: shard, toShard: shard };
        const { shardCount } = this;
        const found = await findReturned(this.pool, { passage, shardCount });
        reclaimed = withMore(reclaimed, found);
      } else {
        const passage = this.#passageTo(shard, key);
        const known = amountOver(borrowed, passage);
        const has = pools.get(key) ?? 0n;
        const needed = known + missing;
        const lent = await this.#borrow(shard, key, { has, needed, nowMs });
        borrowed = withMore(borrowed, lent);
      }
    }
    if (borrowed === moves.borrowed && reclaimed === moves.reclaimed)
      return null;
    return { ...moves, borrowed, reclaimed };
  }

  /**
   * The shards that have something to return: it is returned with their next idle batch.
   *
   * @param shards those of this process
   */
  async findUnused(
    shards: readonly number[],
    nowMs: number,
  ): Promise<number[]> {
    const slices = (await readSlices(this.pool, shards)).filter(
      ({ shard, key }) => this.#homeOfKey(key) !== shard,
    );
    this.#uses = new Map(
      slices.map((slice) => {
        const before = this.#uses.get(nameOf(slice));
        const sinceMs = before?.left === slice.left ? before.sinceMs : nowMs;
        return [nameOf(slice), { ...slice, sinceMs }];
      }),
    );
    const unused = [...this.#uses.values()].filter(
      ({ sinceMs }) => nowMs - sinceMs >= UNUSED_MS,
    );
    const homes = new Map<string, bigint>();
    for (const key of new Set(unused.map((use) => use.key)))
      homes.set(key, await this.#readHome(key));
    this.#returns = new Map();
    for (const { shard, key, sinceMs } of unused) {
      const because = reasonToReturn({
        isOver: this.#isOver(key, nowMs),
        homeLeft: homes.get(key)!,
        unusedMs: nowMs - sinceMs,
      });
      if (because) listed(this.#returns, shard).push({ key, because });
    }
    return [...this.#returns.keys()];
  }

  /** Reclaims at home what these shards have returned. */
  async bringHome(shards: readonly number[], nowMs: number): Promise<void> {
    const passages = (await readPassagesFrom(this.pool, shards)).filter(
      ({ program, unit, toShard }) => this.homeOf(program, unit) === toShard,
    );
    const byHome = new Map<number, Passage[]>();
    for (const { passage } of await findUnderWay(this.pool, passages))
      listed(byHome, passage.toShard).push(passage);
    for (const [home, returned] of byHome)
      await this.#inTurn(home, () =>
        takeUnderWay(this.pool, 'reclaim', home, returned, nowMs),
      );
  }

  /** All that is under way to a shard of one pool, after lending it more where it is short or low. */
  async #borrow(
    shard: number,
    key: string,
    {
      has,
      needed = 0n,
      nowMs,
    }: { has: bigint; needed?: bigint; nowMs: number },
  ): Promise<Slice[]> {
    const { pool, shardCount } = this;
    const passage = this.#passageTo(shard, key);
    const { fromShard: home } = passage;
    const { underWay, left } = await this.#inTurn(home, () =>
      lendSlice(pool, {
        passage,
        needed,
        shardCount,
        nowMs,
        issues: async () =>
          (await this.issues.missingIn(home)).map((issue) =>
            issueDraft(issue, nowMs),
          ),
        amountOf: (atHome, already) =>
          amountToLend({
            left: atHome,
            has: has + already,
            missing: needed > already ? needed - already : 0n,
            shardCount,
          }),
      }),
    );
    this.#lowWater.set(
      nameOf({ shard, key }),
      lowWater(sliceOf(left, shardCount)),
    );
    return underWay > 0n ? [{ passage, amount: underWay }] : [];
  }

  #takeReturns(shard: number, pools: Pools): BudgetMoves['returned'] {
    const returns = this.#returns.get(shard) ?? [];
    this.#returns.delete(shard);
    return returns.flatMap(({ key, because }) => {
      const amount = pools.get(key) ?? 0n;
      if (amount === 0n) return [];
      // It borrows again when somebody needs it, and not before.
      this.#lowWater.set(nameOf({ shard, key }), 0n);
      const { fromShard, toShard, ...of } = this.#passageTo(shard, key);
      const passage = { ...of, fromShard: toShard, toShard: fromShard };
      return { passage, amount, because };
    });
  }

  /** Where it is not known, one has to look. */
  #isLow({ shard, key, left }: HeldSlice, nowMs: number): boolean {
    if (this.#homeOfKey(key) === shard || this.#isOver(key, nowMs))
      return false;
    const mark = this.#lowWater.get(nameOf({ shard, key }));
    return mark === undefined || left < mark;
  }

  /** A program that was withdrawn is over. */
  #isOver(key: string, nowMs: number): boolean {
    const { latest } = this.programs;
    if (this.#ending !== latest) {
      this.#ending = latest;
      this.#endsAtMs = new Map(
        latest.programs.map(({ program }) => [
          program,
          endsAtMs(latest, program),
        ]),
      );
    }
    const { program } = poolOf(key);
    return (this.#endsAtMs.get(program) ?? -Infinity) <= nowMs;
  }

  async #readHome(key: string): Promise<bigint> {
    const home = this.#homeOfKey(key);
    const pools = await readPools(this.pool, [home], poolOf(key));
    return pools.get(home) ?? 0n;
  }

  #homeOfKey(key: string): number {
    const { program, unit } = poolOf(key);
    return this.homeOf(program, unit);
  }

  /** From a pool's home to a shard. */
  #passageTo(shard: number, key: string): Passage {
    return { ...poolOf(key), fromShard: this.#homeOfKey(key), toShard: shard };
  }

  #inTurn<Result>(home: number, task: () => Promise<Result>): Promise<Result> {
    const result = (this.#turns.get(home) ?? Promise.resolve()).then(task);
    this.#turns.set(
      home,
      result.catch(() => undefined),
    );
    return result;
  }
}

function nameOf({ shard, key }: Pick<HeldSlice, 'shard' | 'key'>): string {
  return `${shard} ${key}`;
}

function amountOver(slices: readonly Slice[], passage: Passage): bigint {
  return slices.find((slice) => isSame(slice.passage, passage))?.amount ?? 0n;
}

function isSame(one: Passage, other: Passage): boolean {
  return leasedAccount(one) === leasedAccount(other) && one.unit === other.unit;
}

/** With what is under way now, where that is more than was known; the same list where it is not. */
function withMore(
  known: readonly Slice[],
  found: readonly Slice[],
): readonly Slice[] {
  const more = found.filter(
    ({ passage, amount }) => amount > amountOver(known, passage),
  );
  if (more.length === 0) return known;
  const others = known.filter(
    ({ passage }) => !more.some((slice) => isSame(slice.passage, passage)),
  );
  return [...others, ...more];
}

function listed<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
