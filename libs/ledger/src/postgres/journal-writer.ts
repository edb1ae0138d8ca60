import { setImmediate as nextTurn } from 'node:timers/promises';
import { appendToChain, recordingTimeMs, type ChainTip } from '../chain.js';
import type { Entry, EntryDraft, Journal } from '../entry.js';
import { appendEntries } from './append.js';
import { claimHead, setHeadHash, type JournalHead } from './head.js';
import { inTransaction, type Pool, type PoolClient } from './pool.js';

/** Hashed in one go: then the connection gets its turn. About a millisecond. */
const HASHED_A_TURN = 64;

export interface JournalCommit {
  journal: Journal;
  shard: number;
  head: JournalHead;
  consumed: JournalHead['consumed'];
  drafts: readonly EntryDraft[];
  nowMs: number;
  tickedAtMs?: number | null;
  /** What belongs in the same transaction and needs no entries: the database works on it while these are hashed. */
  meanwhile?: (client: PoolClient) => Promise<void>;
  /** What else belongs in the same transaction. */
  alongside?: (client: PoolClient, entries: readonly Entry[]) => Promise<void>;
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
  return inTransaction(pool, async (client) => {
    const sequence = head.tip.sequence + BigInt(drafts.length);
    const recordedAtMs = recordingTimeMs(head.tip, nowMs);
    const revision = await claimHead(client, {
      journal,
      shard,
      from: head,
      to: { consumed, sequence, recordedAtMs },
      tickedAtMs: tickedAtMs ?? null,
    });
    if (revision === null) return null;
    const [{ entries, tip }] = await bothSettled(
      chain(commit),
      commit.meanwhile?.(client),
    );
    if (entries.length > 0) await setHeadHash(client, journal, shard, tip.hash);
    await appendEntries(client, entries);
    await commit.alongside?.(client, entries);
    return { head: { revision, consumed, tip }, entries };
  });
}

/** {@link appendToChain}, a few drafts at a time. */
async function chain({
  journal,
  shard,
  head,
  drafts,
  nowMs,
}: JournalCommit): Promise<{ entries: Entry[]; tip: ChainTip }> {
  const entries: Entry[] = [];
  let tip = { ...head.tip, recordedAtMs: recordingTimeMs(head.tip, nowMs) };
  for (let i = 0; i < drafts.length; i += HASHED_A_TURN) {
    const some = drafts.slice(i, i + HASHED_A_TURN);
    const appended = appendToChain(journal, shard, tip, some, nowMs);
    entries.push(...appended.entries);
    tip = appended.tip;
    await nextTurn();
  }
  return { entries, tip };
}

/** What both come to. Where one fails, the other has ended too: none may go on in a transaction that is rolled back. */
async function bothSettled<A, B>(
  a: Promise<A>,
  b: Promise<B> | undefined,
): Promise<[A, B | undefined]> {
  await Promise.allSettled([a, b]);
  return Promise.all([a, b]);
}
