import fc from 'fast-check';
import {
  appendToChain,
  EMPTY_CHAIN,
  withAccountNames,
  type Entry,
  type EntryDraft,
} from '@app/ledger';
import { anyDraft, NOW_MS } from '../../ledger/test/entries.js';
import type { ExportedEntry } from '@app/exports';

/** Entries of one journal, each hashed over the one ahead, as the reader gives them. */
export function exportedEntries(
  drafts: readonly EntryDraft[],
): ExportedEntry[] {
  const { entries } = appendToChain('grants', 5, EMPTY_CHAIN, drafts, NOW_MS);
  return entries.map((entry, i) =>
    exported(entry, entries[i - 1]?.hash ?? EMPTY_CHAIN.hash),
  );
}

/** Any journal of a few entries. */
export const anyEntries: fc.Arbitrary<ExportedEntry[]> = fc
  .array(anyDraft, { maxLength: 5 })
  .map(exportedEntries);

function exported(entry: Entry, previousHash: Buffer): ExportedEntry {
  const { postings } = withAccountNames(entry);
  const { cause } = entry;
  return {
    shard: entry.shard,
    journal: entry.journal,
    sequence: entry.sequence,
    kind: entry.kind,
    merchantId: entry.merchantId,
    occurredAtMicros: BigInt(entry.occurredAtMs) * 1_000n,
    recordedAtMicros: BigInt(entry.recordedAtMs) * 1_000n,
    causeText: entry.causeText,
    program: 'program' in cause ? cause.program : null,
    previousHash: previousHash.toString('hex'),
    hash: entry.hash.toString('hex'),
    postings: postings.map(({ account, unit, amount, lotId }, line) => ({
      line,
      account,
      unit,
      amount,
      lotId,
    })),
  };
}
