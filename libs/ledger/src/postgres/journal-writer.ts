import { appendToChain } from '../chain.js';
import type { Entry, EntryDraft, Journal } from '../entry.js';
import { appendEntries } from './append.js';
import { isHeadElsewhere, moveHead, type JournalHead } from './head.js';
import type { Pool } from './pool.js';
import { executeTogether, type Statement } from './statement.js';

export interface JournalCommit {
  journal: Journal;
  shard: number;
  head: JournalHead;
  consumed: JournalHead['consumed'];
  drafts: readonly EntryDraft[];
  nowMs: number;
  tickedAtMs?: number | null;
  /** What else belongs in the same transaction. */
  alongside?: (entries: readonly Entry[]) => readonly Statement[];
}

/**
 * Appends drafts to a journal and moves its head, with whatever else the caller keeps in step, in one
 * transaction.
 *
 * @returns the new head and the entries in their places; null where another writer has moved the head
 */
export async function commitToJournal(
  pool: Pool,
  commit: JournalCommit,
): Promise<{ head: JournalHead; entries: Entry[] } | null> {
  const { journal, shard, head, consumed, drafts, nowMs, tickedAtMs } = commit;
  const { entries, tip } = appendToChain(
    journal,
    shard,
    head.tip,
    drafts,
    nowMs,
  );
  const move = {
    journal,
    shard,
    from: head,
    to: { consumed, tip },
    tickedAtMs: tickedAtMs ?? null,
  };
  try {
    await executeTogether(pool, [
      moveHead(move),
      ...appendEntries(entries),
      ...(commit.alongside?.(entries) ?? []),
    ]);
  } catch (error) {
    if (isHeadElsewhere(error)) return null;
    throw error;
  }
  return {
    head: { revision: head.revision + 1n, consumed, tip },
    entries,
  };
}
