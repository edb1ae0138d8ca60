import {
  accountName,
  appendToChain,
  EMPTY_CHAIN,
  type EntryDraft,
  type StoredEntry,
} from '@app/ledger';
import type { JournalPlace } from '../src/postgres/stored-entries.js';
import { NOW_MS } from './entries.js';

/** A journal of these entries as it is stored: chained, with running balances. */
export function storeAll(
  { journal, shard }: JournalPlace,
  drafts: readonly EntryDraft[],
): StoredEntry[] {
  const { entries } = appendToChain(
    journal,
    shard,
    EMPTY_CHAIN,
    drafts,
    NOW_MS,
  );
  const balances = new Map<string, bigint>();
  return entries.map((entry) => ({
    ...entry,
    postings: entry.postings.map((posting, line) => {
      const account = accountName(posting.account, entry.merchantId);
      const key = JSON.stringify([account, posting.unit]);
      const balance = (balances.get(key) ?? 0n) + posting.amount;
      balances.set(key, balance);
      return { ...posting, line, account, balance };
    }),
  }));
}
