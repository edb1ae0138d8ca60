import { jsonInteger, type JsonInteger } from '@app/ledger';

/** How far a merchant has come in a program over one period: one row in the store. */
export interface PeriodProgress {
  /** By name, the goals that have moved; a program has at most 32. */
  goals: ReadonlyMap<string, GoalStanding>;
}

export interface GoalStanding {
  /** The metric so far, as it is after refunds. */
  value: bigint;
  /** Names of the tiers that were paid, or would have been had the pool not run dry. */
  paidTiers: readonly string[];
}

export interface ProgressAddress {
  merchantId: string;
  program: string;
  /** See {@link periodKey}: goals over the same period share a row. */
  period: string;
}

export const NOT_STARTED: GoalStanding = Object.freeze({
  value: 0n,
  paidTiers: Object.freeze([]),
});

/** Names a row of progress among those of all merchants; no identifier holds a line break. */
export function progressKey(address: ProgressAddress): string {
  return `${address.merchantId}\n${address.program}\n${address.period}`;
}

/** The stored form, plain JSON: values beyond 2^53 - 1 are decimal strings, so that no reader rounds them. */
export interface ProgressJson {
  v: 1;
  goals: Record<string, { value: JsonInteger; paid: readonly string[] }>;
}

export function progressToJson({ goals }: PeriodProgress): ProgressJson {
  return {
    v: 1,
    goals: Object.fromEntries(
      Array.from(goals, ([goal, { value, paidTiers }]) => [
        goal,
        { value: jsonInteger(value), paid: paidTiers },
      ]),
    ),
  };
}

/** @throws Error where the stored form is of another version */
export function progressFromJson(json: unknown): PeriodProgress {
  const { v, goals } = json as ProgressJson;
  if (v !== 1)
    throw new Error(`progress of version ${String(v)} is not known here`);
  return {
    goals: new Map(
      Object.entries(goals).map(([goal, { value, paid }]) => [
        goal,
        { value: BigInt(value), paidTiers: paid },
      ]),
    ),
  };
}
