import { JOURNALS, type Journal } from '../../entry.js';
import type { Queryable } from '../queryable.js';
import { readToldEntries, type ToldEntry } from './told-entries.js';

/** Entries read at a time. */
const PAGE = 500;

/** A published version of a program. */
export interface RuleVersion {
  program: string;
  version: number;
}

/** Every entry whose cause names a version of a program, page by page, by shard, journal and sequence. */
export async function* entriesOfRule(
  db: Queryable,
  rule: RuleVersion,
  shards: readonly number[],
): AsyncGenerator<ToldEntry[]> {
  for (const shard of shards)
    for (const journal of JOURNALS) yield* ofJournal(db, rule, shard, journal);
}

async function* ofJournal(
  db: Queryable,
  { program, version }: RuleVersion,
  shard: number,
  journal: Journal,
): AsyncGenerator<ToldEntry[]> {
  let last: bigint | null = 0n;
  while (last !== null) {
    const { rows }: { rows: { sequence: bigint }[] } = await db.query({
      name: 'entries-of-rule',
      text: ENTRIES_OF_RULE,
      values: [shard, program, version, journal, last],
    });
    last = rows.length < PAGE ? null : rows.at(-1)!.sequence;
    const entries = await readToldEntries(
      db,
      rows.map(({ sequence }) => ({ shard, journal, sequence })),
    );
    if (entries.length > 0) yield entries;
  }
}

/** Entries of a rule version are next to each other in an index, journal by journal. */
export const ENTRIES_OF_RULE = `
  SELECT sequence FROM audit.entry
  WHERE shard = $1 AND program = $2 AND program_version = $3 AND journal = $4 AND sequence > $5
  ORDER BY sequence LIMIT ${PAGE}`;
