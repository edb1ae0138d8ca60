import type { ActivityEvent } from '@app/contracts';
import type { EntryDraft, NewLot } from '@app/ledger';
import {
  GranterInMemory as BareGranter,
  ProgramSet,
  progressFromJson,
  progressToJson,
  type GrantOutcome,
  type PeriodProgress,
  type Program,
  type UnpaidReward,
} from '../src/index.js';

const SHARD = 3;

/** A granter that keeps its progress as the store does, and remembers what it granted. */
export class GranterInMemory extends BareGranter {
  readonly drafts: EntryDraft[] = [];
  readonly lots: NewLot[] = [];
  readonly unpaid: UnpaidReward[] = [];
  readonly #merchants = new Set<string>();
  #offset = 0;

  constructor(programs: readonly Program[]) {
    super(new ProgramSet(programs), { shard: SHARD });
  }

  set programs(programs: readonly Program[]) {
    this.set = new ProgramSet(programs);
  }

  /** Takes events as one batch and keeps what comes of them. */
  take(events: readonly ActivityEvent[], clockMs = -Infinity): this {
    for (const { merchantId } of events) this.#merchants.add(merchantId);
    this.#remember(
      this.run(
        events.map((event) => ({ event, reference: this.#referenceTo(event) })),
        clockMs,
      ),
    );
    return this;
  }

  /** Lets the clock decide what is due. */
  at(clockMs: number): this {
    this.#remember(this.tick(clockMs));
    return this;
  }

  /** What was granted, in the shortest words: `5-orders: 6000 ANY_IMP`; less than nothing for what was taken back. */
  grants(): string[] {
    return this.drafts.map(({ cause, postings }) => {
      if (cause.type === 'reward_taken_back')
        return `${cause.goal}: -${cause.amount} ${cause.unit}`;
      if (cause.type !== 'goal_reached') throw new Error('not a grant');
      const granted = postings
        .filter(({ amount }) => amount > 0n)
        .reduce((sum, { amount }) => sum + amount, 0n);
      return `${cause.tier}: ${granted} ${postings[0]!.unit}`;
    });
  }

  /** A goal's metric by period, e.g. `m1 week:2024-11-11 weekly-gmv` → 500n. */
  values(): Map<string, bigint> {
    const values = new Map<string, bigint>();
    for (const merchantId of [...this.#merchants].sort())
      for (const [key, { goals }] of this.progress.get(merchantId) ?? []) {
        const period = key.slice(key.indexOf('\n') + 1);
        for (const { goal, value } of goals)
          values.set(`${merchantId} ${period} ${goal}`, BigInt(value));
      }
    return values;
  }

  /** What was granted, and less than nothing for what was taken back. */
  net() {
    return this.drafts.flatMap(({ merchantId, cause, postings }) => {
      const isGrant = cause.type === 'goal_reached';
      if (!isGrant && cause.type !== 'reward_taken_back') return [];
      const { program, version, goal, period } = cause;
      const [first] = postings;
      return {
        merchantId: merchantId!,
        version: { program, version },
        goal,
        period,
        unit: isGrant ? first!.unit : cause.unit,
        amount: isGrant
          ? postings.reduce(
              (sum, { amount }) => (amount > 0n ? sum + amount : sum),
              0n,
            )
          : -BigInt(cause.amount),
      };
    });
  }

  protected override kept(progress: PeriodProgress): PeriodProgress {
    return progressFromJson(
      JSON.parse(JSON.stringify(progressToJson(progress))),
    );
  }

  #remember({ drafts, lots, unpaid }: GrantOutcome): void {
    this.drafts.push(...drafts);
    this.lots.push(...lots);
    this.unpaid.push(...unpaid);
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
