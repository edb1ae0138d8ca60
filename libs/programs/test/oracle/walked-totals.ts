import type { ActivityEvent, Unit } from '@app/contracts';
import type { Goal, Program, TakeBack } from '../../src/program.js';
import {
  isOfItsTime,
  isTimeOnAir,
  type Contribution,
} from './contributions.js';
import { deserved } from './deserved.js';
import { countedByPeriod, totalKey } from './expected-totals.js';
import { recordOf, type MerchantRecord } from './merchant-record.js';
import { periodEndMs } from './periods.js';
import { valueOf } from './value.js';
import { lineageName } from './versions.js';

const LONGEST_STREAM_MS = 31 * 86_400_000;

/**
 * Whether {@link walkedTotals} knows a goal's totals. It does not know what streams are paid over `lifetime` in a
 * window, since their end is heard of after what they contribute.
 */
export function walks({ window }: Program, { period, metric }: Goal): boolean {
  return !(period === 'lifetime' && window !== null && isTimeOnAir(metric));
}

/**
 * What is granted less what is taken back, by `totalKey`, where each event comes at its own time: all that a merchant
 * did so far is counted anew after each of its events, and what it is paid follows the rules one step at a time. So
 * the order may make a difference: in what is kept or closed, and in who is eligible when.
 *
 * @param programs of one version each, without caps, with pools that last
 * @param events by their time
 */
export function walkedTotals(
  programs: readonly Program[],
  events: readonly ActivityEvent[],
  { endMs }: { endMs: number },
): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const [merchantId, own] of byMerchant(events)) {
    const goals = programs.flatMap((program) =>
      program.goals
        .filter((goal) => walks(program, goal))
        .map((goal) => new GoalWalk(program, goal, merchantId)),
    );
    let record = recordOf([]);
    own.forEach((event, i) => {
      for (const goal of goals) goal.settle(record, event.occurredAtMs);
      record = recordOf(own.slice(0, i + 1));
      for (const goal of goals) goal.take(event, record);
    });
    for (const goal of goals) {
      goal.settle(record, endMs);
      for (const [key, total] of goal.totals()) totals.set(key, total);
    }
  }
  return totals;
}

/** How a goal stands for a merchant in one period. */
interface Standing {
  counted: readonly Contribution[];
  value: bigint;
  state: 'open' | 'settled' | 'closed';
  paid: Map<Unit, bigint>;
}

class GoalWalk {
  readonly #standings = new Map<string, Standing>();
  readonly #events: ActivityEvent[] = [];
  #missedSome = false;
  #facts = recordOf([]).facts;

  constructor(
    private readonly program: Program,
    private readonly goal: Goal,
    private readonly merchantId: string,
  ) {}

  settle({ facts }: MerchantRecord, clockMs: number): void {
    const { settlesAfterMs } = this.goal;
    if (settlesAfterMs === null) return;
    for (const [period, standing] of this.#standings) {
      if (standing.state !== 'open') continue;
      const settlesAtMs = this.#endMs(standing)! + settlesAfterMs;
      if (settlesAtMs > clockMs) continue;
      this.#pay(period, standing, facts, settlesAtMs);
      standing.state = 'settled';
    }
  }

  take(event: ActivityEvent, record: MerchantRecord): void {
    const { goal, program } = this;
    this.#events.push(event);
    if (concerns(event, goal)) {
      const heard = this.#missedSome ? recordOf(this.#events) : record;
      const counted = countedByPeriod(
        // Who is flagged is known, whatever came too late to count.
        { ...heard, facts: record.facts },
        [program],
        [program],
        goal,
      );
      if (this.#isLate(event, counted)) {
        this.#events.pop();
        this.#missedSome = true;
      } else this.#count(event, record, counted);
    }
    const isEligible = this.#isEligible(record.facts, event.occurredAtMs);
    const was = this.#isEligible(this.#facts, event.occurredAtMs);
    if (isEligible && !was) this.#lookAgain(event, record);
    this.#facts = record.facts;
  }

  #isEligible(facts: MerchantRecord['facts'], atMs: number): boolean {
    return this.program.eligible?.holds(facts, atMs) ?? true;
  }

  totals(): [string, bigint][] {
    const { merchantId, program, goal } = this;
    const lineage = lineageName([program]);
    return Array.from(this.#standings).flatMap(([period, { paid }]) =>
      Array.from(paid)
        .filter(([, amount]) => amount > 0n)
        .map(([unit, amount]): [string, bigint] => [
          totalKey({ merchantId, lineage, goal: goal.goal, period, unit }),
          amount,
        ]),
    );
  }

  #isLate(
    event: ActivityEvent,
    counted: ReadonlyMap<string, readonly Contribution[]>,
  ): boolean {
    if (isStartOrEnd(event) && isOfItsTime(this.goal.metric)) return false;
    const mayLower =
      event.type === 'order.refunded' || event.type === 'risk.flagged';
    const periods = new Set([...this.#standings.keys(), ...counted.keys()]);
    const changed = Array.from(periods).flatMap((period) => {
      const before = this.#standings.get(period)?.counted ?? [];
      const now = counted.get(period) ?? [];
      const change = sum(now) - sum(before);
      const moved = [...without(now, before), ...without(before, now)];
      const closesAtMs = () =>
        this.#closesAtMs({ counted: now.length > 0 ? now : before }, firstMs);
      return change === 0n ? [] : [{ change, moved, closesAtMs }];
    });
    const firstMs = Math.min(
      ...changed.flatMap(({ moved }) => moved.map(({ atMs }) => atMs)),
    );
    const judged = changed.filter(({ change }) => change > 0n || !mayLower);
    const closed = judged.filter(
      ({ closesAtMs }) => event.occurredAtMs >= closesAtMs(),
    );
    const onlyAdds = changed.every(({ change }) => change > 0n);
    return closed.length > 0 && (!onlyAdds || closed.length === judged.length);
  }

  #count(
    event: ActivityEvent,
    { facts }: MerchantRecord,
    counted: ReadonlyMap<string, readonly Contribution[]>,
  ): void {
    const { goal, program } = this;
    for (const period of new Set([
      ...this.#standings.keys(),
      ...counted.keys(),
    ])) {
      const standing = this.#standings.get(period) ?? {
        counted: [],
        value: 0n,
        state: 'open',
        paid: new Map<Unit, bigint>(),
      };
      this.#standings.set(period, standing);
      const before = standing.value;
      const now = counted.get(period) ?? [];
      const newestMs = Math.max(
        ...without(now, standing.counted).map(({ atMs }) => atMs),
      );
      // A period that was left keeps what tells its end.
      standing.counted = now.length > 0 ? now : standing.counted.map(nothing);
      standing.value = valueOf(program, goal, standing.counted);
      if (losesAll(program, event)) {
        standing.paid.clear();
        standing.state = 'closed';
      } else if (standing.value < before)
        this.#takeBack(period, standing, event);
      else if (
        standing.value > before &&
        goal.settlesAfterMs === null &&
        isOpen(program, newestMs)
      )
        this.#pay(period, standing, facts, event.occurredAtMs);
    }
  }

  #lookAgain({ occurredAtMs }: ActivityEvent, { facts }: MerchantRecord): void {
    const { goal, program } = this;
    if (program.eligible === null || goal.settlesAfterMs !== null) return;
    if (goal.period === 'lifetime' && !isOpen(program, occurredAtMs)) return;
    for (const [period, standing] of this.#standings)
      this.#pay(period, standing, facts, occurredAtMs);
  }

  #pay(
    period: string,
    { value, paid, state }: Standing,
    facts: MerchantRecord['facts'],
    atMs: number,
  ): void {
    const { program, goal, merchantId } = this;
    const { eligible, takeBack } = program;
    if (state !== 'open' || (eligible && !eligible.holds(facts, atMs))) return;
    if (takeBack.flags === 'all' && facts.flaggedAtMs !== null) return;
    const occasion = { program, goal, merchantId, period };
    for (const [unit, amount] of deserved(occasion, value))
      if (amount > (paid.get(unit) ?? 0n)) paid.set(unit, amount);
  }

  #takeBack(period: string, standing: Standing, event: ActivityEvent): void {
    const { program, goal, merchantId } = this;
    const rule = ruleFor(program, event);
    if (rule === 'never') return;
    const occasion = { program, goal, merchantId, period };
    const left = deserved(occasion, standing.value);
    const tooMuch = Array.from(standing.paid).filter(
      ([unit, amount]) => amount > (left.get(unit) ?? 0n),
    );
    if (tooMuch.length === 0) return;
    if (rule === 'all') {
      standing.paid.clear();
      standing.state = 'closed';
    } else
      for (const [unit] of tooMuch)
        standing.paid.set(unit, left.get(unit) ?? 0n);
  }

  /** From when on nothing counts in a period any more. @param firstMs when the first happened of what is to count */
  #closesAtMs(standing: Pick<Standing, 'counted'>, firstMs: number): number {
    const { program, goal } = this;
    let endMs = this.#endMs(standing);
    // The period of a goal over `lifetime` does not end; its window does.
    if (goal.period === 'lifetime') endMs = program.window?.untilMs ?? null;
    // Nor does that of a session; but no stream is longer than a month.
    if (goal.period === 'session') endMs ??= firstMs + LONGEST_STREAM_MS;
    if (endMs === null) return Infinity;
    return (
      endMs +
      Math.min(program.graceMs ?? Infinity, goal.settlesAfterMs ?? Infinity)
    );
  }

  #endMs({ counted }: Pick<Standing, 'counted'>): number | null {
    return periodEndMs(this.program, this.goal, counted[0]!.atMs);
  }
}

function isStartOrEnd({ type }: ActivityEvent): boolean {
  return type === 'live.started' || type === 'live.ended';
}

/** Whether an event can change a metric. */
function concerns({ type }: ActivityEvent, { metric, period }: Goal): boolean {
  switch (type) {
    case 'risk.flagged':
      return true;
    case 'order.paid':
    case 'order.refunded':
      return ['orders', 'gmvMinor', 'returns', 'firstSale'].includes(metric);
    case 'live.started':
    case 'live.ended':
      return (
        isTimeOnAir(metric) ||
        metric === 'firstStream' ||
        (period === 'session' && isOfItsTime(metric))
      );
    case 'follower.gained':
      return metric === 'followers';
    case 'video.published':
      return metric === 'shoppableVideos' || metric === 'clips';
    case 'product.listed':
      return metric === 'productsListed';
    case 'ads.spent':
      return metric === 'adsSpentMinor';
    default:
      return false;
  }
}

function losesAll({ takeBack }: Program, event: ActivityEvent): boolean {
  return (
    takeBack.flags === 'all' &&
    event.type === 'risk.flagged' &&
    event.data.target.kind === 'merchant'
  );
}

function ruleFor({ takeBack }: Program, { type }: ActivityEvent): TakeBack {
  if (type === 'risk.flagged') return takeBack.flags;
  return type !== 'order.refunded' && takeBack.refunds === 'all'
    ? 'difference'
    : takeBack.refunds;
}

function isOpen({ window }: Program, atMs: number): boolean {
  return window === null || (atMs >= window.fromMs && atMs < window.untilMs);
}

function nothing(contribution: Contribution): Contribution {
  return { ...contribution, amount: 0n };
}

/** Those of one list that are not in the other, where some may be alike. */
function without(
  all: readonly Contribution[],
  others: readonly Contribution[],
): Contribution[] {
  const left = new Map<string, number>();
  for (const other of others)
    left.set(nameOf(other), (left.get(nameOf(other)) ?? 0) + 1);
  return all.filter((one) => {
    const times = left.get(nameOf(one)) ?? 0;
    left.set(nameOf(one), times - 1);
    return times <= 0;
  });
}

function nameOf({ atMs, amount, sessionId, orderId }: Contribution): string {
  return [atMs, amount, sessionId, orderId].join(' ');
}

function sum(contributions: readonly Contribution[]): bigint {
  return contributions.reduce((total, { amount }) => total + amount, 0n);
}

function byMerchant(
  events: readonly ActivityEvent[],
): Map<string, ActivityEvent[]> {
  const merchants = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    const own = merchants.get(event.merchantId);
    if (own) own.push(event);
    else merchants.set(event.merchantId, [event]);
  }
  return merchants;
}
