import type { Unit } from '@app/contracts';
import { jsonInteger, type LeaseCause, type LeaseReason } from './cause.js';
import { move, type EntryDraft } from './entry.js';

/**
 * A way for a program's budget from one shard to another, in one direction. What goes over it has an entry in each of
 * the two, and stands on {@link leasedAccount} meanwhile.
 */
export interface Passage {
  program: string;
  unit: Unit;
  fromShard: number;
  toShard: number;
}

/** An amount that goes over a passage: more than nothing, minor units. */
export interface Slice {
  passage: Passage;
  amount: bigint;
}

export type LeaseStep = LeaseCause['step'];

/**
 * The account of a passage. Where it begins, its balance is all that was ever sent; where it ends, all that was ever
 * taken, as a negative one. Both only grow, so that whoever reads an old balance of the other shard takes too little
 * and never too much; and the sum of the two is under way.
 */
export function leasedAccount({
  program,
  fromShard,
  toShard,
}: Omit<Passage, 'unit'>): `leased:${string}` {
  return `leased:${program}.${fromShard}-${toShard}`;
}

/** The passage of an account in a unit; null where it is an account of another kind. */
export function passageOf(account: string, unit: Unit): Passage | null {
  const [, program, from, to] =
    /^leased:(.+)\.(\d{1,5})-(\d{1,5})$/.exec(account) ?? [];
  if (program === undefined) return null;
  return { program, unit, fromShard: Number(from), toShard: Number(to) };
}

/**
 * One of the four entries that move a budget between shards: a slice that is lent and borrowed, or one that is returned
 * and reclaimed. The first of each pair is of the shard that it leaves, the second of the one where it arrives.
 *
 * @param told what else it was decided on
 */
export function leaseDraft(
  step: LeaseStep,
  { passage, amount }: Slice,
  atMs: number,
  told: LeaseTold = {},
): EntryDraft {
  const { program, unit, fromShard, toShard } = passage;
  const pool = `pool:${program}` as const;
  const leased = leasedAccount(passage);
  const leaves = step === 'lend' || step === 'return';
  return {
    kind: 'lease',
    merchantId: null,
    occurredAtMs: atMs,
    postings: leaves
      ? move(unit, amount, pool, leased)
      : move(unit, amount, leased, pool),
    cause: {
      type: 'pool_leased',
      step,
      program,
      unit,
      fromShard,
      toShard,
      ...(told.left === undefined ? {} : { left: jsonInteger(told.left) }),
      ...(told.needed ? { needed: jsonInteger(told.needed) } : {}),
      ...(told.because ? { because: told.because } : {}),
    },
  };
}

export interface LeaseTold {
  /** Of a loan: what the home had left ahead of it. */
  left?: bigint;
  /** Of a loan: what was missing for a decision; nothing where it is ahead of need. */
  needed?: bigint;
  /** Of what is returned: why. */
  because?: LeaseReason;
}
