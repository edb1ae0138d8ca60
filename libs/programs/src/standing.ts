import type { Unit } from '@app/contracts';
import type { Piece } from './piece.js';
import {
  MAX_GRANTS_KEPT,
  type GoalStanding,
  type GrantLeft,
  type PaidReward,
} from './progress.js';

/** A standing after a piece was counted. */
export function counted(
  { value, days, paid, state }: GoalStanding,
  { amount, day }: Piece,
): GoalStanding {
  return day === null
    ? { value: value + amount, days, paid, state }
    : { value, days: withSeconds(days, day, amount), paid, state };
}

function withSeconds(
  known: GoalStanding['days'],
  day: number,
  amount: bigint,
): GoalStanding['days'] {
  const days = new Map(known);
  const seconds = (days.get(day) ?? 0n) + amount;
  if (seconds === 0n) days.delete(day);
  else days.set(day, seconds);
  return days;
}

/** A standing after something was paid, or all of it taken back: then `rewards` is null. */
export function withPaid(
  standing: GoalStanding,
  key: string,
  rewards: readonly PaidReward[] | null,
): GoalStanding {
  if (rewards)
    return { ...standing, paid: { ...standing.paid, [key]: rewards } };
  const { [key]: _, ...paid } = standing.paid;
  return { ...standing, paid };
}

/** A reward after more of it was promised, and some of that granted. */
export function withGrant(
  paid: PaidReward,
  promised: bigint,
  grant: GrantLeft | null,
): PaidReward {
  return {
    unit: paid.unit,
    promised: paid.promised + promised,
    granted: paid.granted + (grant?.amount ?? 0n),
    grants: grant ? bounded([...paid.grants, grant]) : paid.grants,
  };
}

function bounded(grants: readonly GrantLeft[]): readonly GrantLeft[] {
  if (grants.length <= MAX_GRANTS_KEPT) return grants;
  const [oldest, next, ...rest] = grants;
  return [{ ...next!, amount: oldest!.amount + next!.amount }, ...rest];
}

/** A reward of which no more than `target` is deserved, and what is to be taken back of which grants. */
export function lowered(
  paid: PaidReward,
  target: bigint,
): { paid: PaidReward; taken: bigint; grants: GrantLeft[] } {
  const taken = paid.granted > target ? paid.granted - target : 0n;
  const left = [...paid.grants];
  const grants: GrantLeft[] = [];
  let rest = taken;
  while (rest > 0n && left.length > 0) {
    const newest = left.pop()!;
    const amount = newest.amount < rest ? newest.amount : rest;
    grants.push({ entryId: newest.entryId, amount });
    if (amount < newest.amount)
      left.push({ entryId: newest.entryId, amount: newest.amount - amount });
    rest -= amount;
  }
  return {
    paid: {
      unit: paid.unit,
      promised: paid.promised < target ? paid.promised : target,
      granted: paid.granted - taken,
      grants: left,
    },
    taken,
    grants,
  };
}

export const nothingPaid = (unit: Unit): PaidReward => ({
  unit,
  promised: 0n,
  granted: 0n,
  grants: [],
});
