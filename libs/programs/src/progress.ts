import { jsonInteger, type JsonInteger } from '@app/ledger';
import type { Unit } from '@app/contracts';
import { exactFromJson, exactToJson, type Exact } from './exact.js';

/** How far a merchant has come in a program over one period: one row in the store. */
export interface PeriodProgress {
  /** The first instant behind the period: milliseconds since the epoch, null where it does not end. */
  endMs: number | null;
  /**
   * Over a session, when the latest happened that raised a goal in it: milliseconds since the epoch; null over other
   * periods.
   */
  lastMs: number | null;
  /** The goals that have moved, each once and in the order of their names; a program has at most 32. */
  goals: readonly GoalProgress[];
  /** What the program has granted in this period, of units with a cap over it. */
  granted: Readonly<Partial<Record<Unit, bigint>>>;
}

export interface GoalProgress extends GoalStanding {
  /** Its name. */
  goal: string;
}

export interface GoalStanding {
  /** The metric so far, as it is after refunds; nothing for metrics made of days. */
  value: Exact;
  /** By local day (days since 1970-01-01), seconds on air; null for other metrics. */
  days: ReadonlyMap<number, Exact> | null;
  /** What was paid, by what for: see `Deserved.key`. */
  paid: Readonly<Record<string, readonly PaidReward[]>>;
  /** `settled`: the clock has decided it. `closed`: all of it was taken back, and it pays nothing more. */
  state: 'open' | 'settled' | 'closed';
}

/** A reward of those at one place of a goal. */
export interface PaidReward {
  unit: Unit;
  /** What was deserved when it was last looked at, also where a cap or the pool left less. */
  promised: bigint;
  /** What came out of the pool, less what was taken back. */
  granted: bigint;
  /** The entries that granted it, the oldest first, with what is left of each; none where nothing is ever taken back. */
  grants: readonly GrantLeft[];
}

export interface GrantLeft {
  /** The entry's id, and the lot's. */
  entryId: string;
  amount: bigint;
}

/** Only so many grants are told apart: the amounts of older ones are added to the oldest that is kept. */
export const MAX_GRANTS_KEPT = 32;

export interface ProgressAddress {
  merchantId: string;
  /** The lineage: see `HeldProgram`. */
  program: string;
  /** A period's key: goals over the same period share a row. */
  period: string;
}

export const NO_PROGRESS: PeriodProgress = Object.freeze({
  endMs: null,
  lastMs: null,
  goals: Object.freeze([]),
  granted: Object.freeze({}),
});

export const NOT_STARTED: GoalStanding = Object.freeze({
  value: 0,
  days: null,
  paid: Object.freeze({}),
  state: 'open',
});

/** What a record has by a name: of those that it was given, since `constructor` is a name too. */
export function named<Value>(
  record: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Names a row of progress among those of a merchant; no identifier holds a line break. */
export function rowKey({
  program,
  period,
}: Pick<ProgressAddress, 'program' | 'period'>): string {
  return `${program}\n${period}`;
}

/** The stored form, plain JSON: values beyond 2^53 - 1 are decimal strings, so that no reader rounds them. */
interface ProgressJson {
  v: 2;
  end?: number;
  last?: number;
  goals: Record<string, StandingJson>;
  granted?: Partial<Record<Unit, JsonInteger>>;
}

interface StandingJson {
  value?: JsonInteger;
  days?: [day: number, seconds: JsonInteger][];
  paid?: Record<string, PaidJson[]>;
  state?: 'settled' | 'closed';
}

type PaidJson = [
  unit: Unit,
  promised: JsonInteger,
  granted: JsonInteger,
  ...grants: [entryId: string, amount: JsonInteger][],
];

/** What nothing but the granter has written until version 2: tiers by name, and not what they have paid. */
interface ProgressJsonV1 {
  v: 1;
  /** A migration's. */
  last?: number;
  goals: Record<string, { value: JsonInteger; paid: readonly string[] }>;
}

export function progressToJson({
  endMs,
  lastMs,
  goals,
  granted,
}: PeriodProgress): unknown {
  return {
    v: 2,
    ...(endMs === null ? {} : { end: endMs }),
    ...(lastMs === null ? {} : { last: lastMs }),
    goals: Object.fromEntries(
      goals.map((goal) => [goal.goal, standingToJson(goal)]),
    ),
    ...(isEmpty(granted) ? {} : { granted: mapValues(granted, jsonInteger) }),
  } satisfies ProgressJson;
}

function standingToJson({
  value,
  days,
  paid,
  state,
}: GoalStanding): StandingJson {
  return {
    ...(value === 0 ? {} : { value: exactToJson(value) }),
    ...(days
      ? { days: Array.from(days, ([day, s]) => [day, exactToJson(s)]) }
      : {}),
    ...(isEmpty(paid)
      ? {}
      : { paid: mapValues(paid, (all) => all.map(paidToJson)) }),
    ...(state === 'open' ? {} : { state }),
  };
}

function paidToJson(paid: PaidReward): PaidJson {
  return [
    paid.unit,
    jsonInteger(paid.promised),
    jsonInteger(paid.granted),
    ...paid.grants.map(({ entryId, amount }): [string, JsonInteger] => [
      entryId,
      jsonInteger(amount),
    ]),
  ];
}

/** @throws Error where the stored form is of another version */
export function progressFromJson(json: unknown): PeriodProgress {
  const stored = json as ProgressJson | ProgressJsonV1;
  switch (stored.v) {
    case 1:
      return {
        ...NO_PROGRESS,
        lastMs: stored.last ?? null,
        goals: goalsFrom(stored.goals, ({ value, paid }) => ({
          ...NOT_STARTED,
          value: exactFromJson(value),
          paid: Object.fromEntries(paid.map((tier) => [tier, []])),
        })),
      };
    case 2:
      return {
        endMs: stored.end ?? null,
        lastMs: stored.last ?? null,
        goals: goalsFrom(stored.goals, standingFromJson),
        granted: mapValues(stored.granted ?? {}, BigInt),
      };
    default:
      throw new Error(
        `progress of version ${String((stored as { v: unknown }).v)} is not known here`,
      );
  }
}

function standingFromJson({
  value,
  days,
  paid,
  state,
}: StandingJson): GoalStanding {
  return {
    value: exactFromJson(value ?? 0),
    days: days
      ? new Map(days.map(([day, s]) => [day, exactFromJson(s)]))
      : null,
    paid: mapValues(paid ?? {}, (all) => all.map(paidFromJson)),
    state: state ?? 'open',
  };
}

function paidFromJson([
  unit,
  promised,
  granted,
  ...grants
]: PaidJson): PaidReward {
  return {
    unit,
    promised: BigInt(promised),
    granted: BigInt(granted),
    grants: grants.map(([entryId, amount]) => ({
      entryId,
      amount: BigInt(amount),
    })),
  };
}

function goalsFrom<Stored>(
  goals: Readonly<Record<string, Stored>>,
  standingOf: (stored: Stored) => GoalStanding,
): GoalProgress[] {
  return inOrder(
    Object.entries(goals).map(([goal, stored]) => ({
      goal,
      ...standingOf(stored),
    })),
  );
}

/** Goals in the order of their names, so that it does not depend on which of them moved first. */
export function inOrder(goals: GoalProgress[]): GoalProgress[] {
  return goals.sort((a, b) => (a.goal < b.goal ? -1 : 1));
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

function mapValues<Name extends string, From, To>(
  values: { readonly [name in Name]?: From },
  change: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      change(value as From),
    ]),
  ) as Record<Name, To>;
}
