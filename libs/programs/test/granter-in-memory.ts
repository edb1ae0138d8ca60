import type { ActivityEvent, Unit } from '@app/contracts';
import type { EntryDraft, NewLot } from '@app/ledger';
import {
  decideGrants,
  ordersNeeded,
  orderKey,
  poolKey,
  progressFromJson,
  progressKey,
  progressNeeded,
  progressToJson,
  type OrderRecord,
  type Program,
  type UnpaidReward,
} from '../src/index.js';

const SHARD = 3;

/** A granter with one shard and its tables in memory: it loads no more than the batch says it needs. */
export class GranterInMemory {
  readonly drafts: EntryDraft[] = [];
  readonly lots: NewLot[] = [];
  readonly unpaid: UnpaidReward[] = [];
  readonly pools = new Map<string, bigint>();
  /** By `debtKey`: what merchants owe. */
  readonly owed = new Map<string, bigint>();
  readonly #orders = new Map<string, OrderRecord>();
  readonly #progress = new Map<string, string>();
  #offset = 0;

  constructor(public programs: readonly Program[]) {
    for (const { program, pools } of programs) {
      for (const [unit, amount] of Object.entries(pools))
        this.pools.set(poolKey(program, unit as Unit), amount);
    }
  }

  /** Takes events as one batch and keeps what comes of them. */
  take(events: readonly ActivityEvent[]): this {
    const needed = ordersNeeded(events).map(({ merchantId, orderId }) =>
      orderKey(merchantId, orderId),
    );
    const orders = pick(this.#orders, needed);
    const addresses = progressNeeded(this.programs, events, orders);
    const rows = pick(this.#progress, addresses.map(progressKey));
    const progress = new Map(
      Array.from(rows, ([key, row]) => [
        key,
        progressFromJson(JSON.parse(row)),
      ]),
    );
    const outcome = decideGrants(
      this.programs,
      { orders, progress, pools: this.pools, owed: this.owed },
      events.map((event) => ({ event, reference: this.#referenceTo(event) })),
      { shard: SHARD, sequence: BigInt(this.drafts.length) },
    );
    this.drafts.push(...outcome.drafts);
    this.lots.push(...outcome.lots);
    this.unpaid.push(...outcome.unpaid);
    for (const [key, order] of outcome.orders) this.#orders.set(key, order);
    for (const { address, progress } of outcome.progress)
      this.#progress.set(
        progressKey(address),
        JSON.stringify(progressToJson(progress)),
      );
    for (const { merchantId, postings } of outcome.drafts)
      for (const { account, unit, amount } of postings) {
        if (account === 'owed')
          add(this.owed, `${merchantId}\n${unit}`, -amount);
        if (!account.startsWith('pool:')) continue;
        add(this.pools, poolKey(account.slice('pool:'.length), unit), amount);
      }
    return this;
  }

  /** What was granted, in the shortest words: `5-orders: 6000 ANY_IMP`. */
  grants(): string[] {
    return this.drafts.map(({ cause, postings }) => {
      if (cause.type !== 'goal_reached') throw new Error('not a grant');
      const granted = postings
        .filter(({ amount }) => amount > 0n)
        .reduce((sum, { amount }) => sum + amount, 0n);
      return `${cause.tier}: ${granted} ${postings[0]!.unit}`;
    });
  }

  /** A goal's metric by period, e.g. `week:2024-11-11 weekly-gmv` → 500n. */
  values(): Map<string, bigint> {
    const values = new Map<string, bigint>();
    for (const [key, row] of this.#progress) {
      const [merchantId, , period] = key.split('\n');
      for (const [goal, { value }] of progressFromJson(JSON.parse(row)).goals)
        values.set(`${merchantId} ${period} ${goal}`, value);
    }
    return values;
  }

  #referenceTo({ source, id }: ActivityEvent) {
    const offset = String(this.#offset++);
    return {
      topic: 'merchant.activity.v1',
      partition: SHARD,
      offset,
      source,
      id,
    };
  }
}

/** What a program grants for events that come one by one. */
export function grantsOf(
  program: Program,
  events: readonly ActivityEvent[],
): string[] {
  const granter = new GranterInMemory([program]);
  for (const event of events) granter.take([event]);
  return granter.grants();
}

function pick<Value>(
  from: ReadonlyMap<string, Value>,
  keys: readonly string[],
): Map<string, Value> {
  return new Map(
    keys.flatMap((key) => (from.has(key) ? [[key, from.get(key)!]] : [])),
  );
}

function add(to: Map<string, bigint>, key: string, amount: bigint): void {
  to.set(key, (to.get(key) ?? 0n) + amount);
}
