import { cutOfShard, type Cut } from '../../as-of/index.js';
import { JOURNALS, type Journal } from '../../entry.js';
import type { EntryPlace } from './told-entries.js';

/** What of a journal is to be looked through: behind the first sequence, up to the last. */
export interface Span {
  shard: number;
  journal: Journal;
  first: bigint;
  last: bigint;
}

export interface SpanQuery {
  /** Behind the first cut and up to the second, in the shards of the second. */
  from: Cut | null;
  to: Cut;
  /** The last entry that was looked at already. */
  after?: EntryPlace | null;
}

/** What of each journal lies between two cuts, by shard, grants first. */
export function spansOf(
  { from, to, after = null }: SpanQuery,
  journals: readonly Journal[] = JOURNALS,
): Span[] {
  return [...to.shards.keys()]
    .sort((a, b) => a - b)
    .flatMap((shard) => journals.map((journal) => ({ shard, journal })))
    .filter(
      ({ shard, journal }) =>
        !after ||
        shard > after.shard ||
        (shard === after.shard && journal >= after.journal),
    )
    .map(({ shard, journal }) => {
      const begin = from ? cutOfShard(from, shard)[journal] : 0n;
      const isCursor = after?.shard === shard && after.journal === journal;
      return {
        shard,
        journal,
        first: isCursor && after.sequence > begin ? after.sequence : begin,
        last: cutOfShard(to, shard)[journal],
      };
    });
}
