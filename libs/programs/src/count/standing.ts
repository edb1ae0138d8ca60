import type { Unit } from '@app/contracts';
import { sum, type Exact } from '../exact.js';
import type { Piece } from './piece.js';
import {
  MAX_GRANTS_KEPT,
  type GoalStanding,
  type GrantLeft,
  type PaidReward,
} from '../progress.js';

/** Takes a piece into a standing. */
export function count(
  standing: Pick<GoalStanding, 'value' | 'days'>,
  { amount, day }: Piece,
): void {
  if (day === null) standing.value = sum(standing.value, amount);
  else standing.days = withSeconds(standing.days, day, amount);
}

function withSeconds(
  known: GoalStanding['days'],
  day: number,
  amount: Exact,
): GoalStanding['days'] {
  const days = new Map(known);
  const seconds = sum(days.get(day) ?? 0, amount);
  if (seconds === 0) days.delete(day);
  else days.set(day, seconds);
  return days;
}

/** What was paid with one place of a goal paid anew, or all of it taken back: then `rewards` is null. */
export function withPaid(
  paid: GoalStanding['paid'],
  key: string,
  rewards: readonly PaidReward[] | null,
): GoalStanding['paid'] {
  if (rewards) return { ...paid, [key]: rewards };
  const { [key]: _, ...others } = paid;
  return others;
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
    grants: grant ? withNewest(paid.grants, grant) : paid.grants,
  };
}

function withNewest(
  grants: readonly GrantLeft[],
  newest: GrantLeft,
): readonly GrantLeft[] {
  if (grants.length < MAX_GRANTS_KEPT) return [...grants, newest];
  const [oldest, next] = grants;
  const joined = { ...next!, amount: oldest!.amount + next!.amount };
  return [joined, ...grants.slice(2), newest];
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
