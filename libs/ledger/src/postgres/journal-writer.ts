import { appendToChain } from '../chain.js';
import type { Entry, EntryDraft, Journal } from '../entry.js';
import { appendEntries } from './append.js';
import { moveHead, type JournalHead } from './head.js';
import { inTransaction, type Pool, type PoolClient } from './pool.js';

export interface JournalCommit {
  journal: Journal;
  shard: number;
  head: JournalHead;
  consumed: JournalHead['consumed'];
  drafts: readonly EntryDraft[];
  nowMs: number;
  tickedAtMs?: number | null;
  /** What else belongs in the same transaction. */
  alongside: (client: PoolClient, entries: readonly Entry[]) => Promise<void>;
}

/**
 * Appends drafts to a journal and moves its head, with whatever else the caller keeps in step, in one
 * transaction.
 *
 * @returns the new head and the entries in their places; null where another writer has moved the head
 */
export function commitToJournal(
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
  return inTransaction(pool, async (client) => {
    const moved = await moveHead(client, {
      journal,
      shard,
      from: head,
      to: { consumed, tip },
      tickedAtMs: tickedAtMs ?? null,
    });
    if (!moved) return null;
    await appendEntries(client, entries);
    await commit.alongside(client, entries);
    return { head: moved, entries };
  });
}
