import type { Journal } from '../entry.js';

/** A past moment of the ledger; see docs/as-of.md. */
export type Moment =
  /** Ahead of the first entry. */
  | 'beginning'
  /** Behind the last entry that is committed. */
  | 'now'
  /** Behind all that was recorded by then. */
  | { recordedAt: Date }
  /** Behind all that was recorded earlier than that. */
  | { recordedBefore: Date }
  /** Behind the leaf at this position of the sealed order, the first of which is 0. */
  | { position: number };

/** In one shard, the last sequence of each journal that counts; 0 where none does. */
export type JournalCut = Readonly<Record<Journal, bigint>>;

/**
 * A moment as what it means: which entries had been recorded by then. An entry counts or it does not, and what
 * counts never changes, so that a question is answered the same way for ever.
 */
export interface Cut {
  moment: Moment;
  /** By shard; only those that were asked for. */
  shards: ReadonlyMap<number, JournalCut>;
}

/** A moment that the ledger cannot tell of; the message is a sentence for whoever asked. */
export class MomentError extends Error {}

export const NOTHING: JournalCut = { grants: 0n, promotions: 0n };

/** @throws RangeError where the cut was made without this shard */
export function cutOfShard({ shards }: Cut, shard: number): JournalCut {
  const cut = shards.get(shard);
  if (!cut) throw new RangeError(`the cut does not tell of shard ${shard}`);
  return cut;
}

/** Whether all that counts in one cut counts in the other. */
export function isWithin(inner: JournalCut, outer: JournalCut): boolean {
  return inner.grants <= outer.grants && inner.promotions <= outer.promotions;
}

/** The moment in words, to go on with after "balances" and the like. */
export function describeMoment(moment: Moment): string {
  if (moment === 'beginning') return 'ahead of the first entry';
  if (moment === 'now') return 'now';
  if ('position' in moment) return `at position ${moment.position}`;
  return 'recordedAt' in moment
    ? `at ${moment.recordedAt.toISOString()}`
    : `before ${moment.recordedBefore.toISOString()}`;
}
