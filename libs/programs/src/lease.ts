import { shardOf, type Unit } from '@app/contracts';
import type { Program } from './program.js';
import type { ProgramSet } from './published/program-set.js';

/** How many slices there would be to a shard, were all that is left at home lent in even ones. */
const SLICES_A_SHARD = 2n;
/** A slice is topped up when so many of what is left of it make one: ahead of need, so that no batch has to wait. */
const LOW_PARTS = 2n;
/** How long a slice is not drawn on before it may be returned: ten minutes. */
export const UNUSED_MS = 600_000;

/** The shard where a program's budget in a unit is issued, and out of which it is lent. */
export type HomeOf = (program: string, unit: Unit) => number;

/**
 * Homes are spread over the shards by a hash of program and unit, so that none is everybody's.
 *
 * @param shardCount fixed for the life of an installation, and so is every home
 */
export function homesAmong(shardCount: number): HomeOf {
  return (program, unit) => shardOf(`${program}/${unit}`, shardCount);
}

/** A slice of what a home has left: it gets smaller with it, so that little is elsewhere when the home runs dry. */
export function sliceOf(left: bigint, shardCount: number): bigint {
  return left / (SLICES_A_SHARD * BigInt(shardCount));
}

/** Below what a shard is lent a slice ahead of need, where a slice is so large. */
export function lowWater(slice: bigint): bigint {
  return slice / LOW_PARTS;
}

export interface Need {
  /** At home, ahead of the loan. */
  left: bigint;
  /** What the shard that borrows has, with what is under way to it. */
  has: bigint;
  /** What a decision is short of, beyond all of that; zero where it is ahead of need. */
  missing: bigint;
  shardCount: number;
}

/**
 * How much a home lends: a slice, where the shard has little; what is missing, where that is more; and never more than
 * is left.
 */
export function amountToLend({ left, has, missing, shardCount }: Need): bigint {
  const slice = sliceOf(left, shardCount);
  const isLow = missing > 0n || has < lowWater(slice);
  const wanted = !isLow ? 0n : missing > slice ? missing : slice;
  return wanted < left ? wanted : left;
}

export interface SliceUse {
  /** Whether the clock has ended the program: see {@link endsAtMs}. */
  isOver: boolean;
  homeLeft: bigint;
  /** How long it was not drawn on. */
  unusedMs: number;
}

/** Why a shard returns what it has of a pool; null where it keeps it. */
export function reasonToReturn({
  isOver,
  homeLeft,
  unusedMs,
}: SliceUse): 'over' | 'unused' | null {
  if (unusedMs < UNUSED_MS) return null;
  if (isOver) return 'over';
  return homeLeft === 0n ? 'unused' : null;
}

/**
 * When a program is over, by the clock: after its window, its grace and its settlements. Programs without a window never
 * are; one whose files were taken away always is. What comes all the same borrows again: no decision depends on it.
 */
export function endsAtMs(set: ProgramSet, name: string): number {
  const versions = set.programs.filter(({ program }) => program === name);
  return Math.max(-Infinity, ...versions.map(versionEndsAtMs));
}

function versionEndsAtMs({ window, graceMs, goals }: Program): number {
  if (window === null) return Infinity;
  const settles = goals.map(({ settlesAfterMs }) => settlesAfterMs ?? 0);
  return window.untilMs + Math.max(graceMs ?? 0, ...settles);
}
