import { move, type EntryDraft } from '@app/ledger';
import {
  commitToJournal,
  readJournalHead,
  type Pool,
} from '@app/ledger/postgres';
import { grantOf, NOW_MS } from '../../ledger/test/entries.js';
import { rewardMerchants } from '../../ledger/test/rewarded-merchants.js';

/** Names that an hledger journal, a CSV or JSON could trip over. */
export const ODD_MERCHANTS = [
  'a:b',
  'two  spaces',
  'semi; colon',
  '(in brackets)',
  '商家 1',
  '=1+1',
  '%41',
  '* starred',
  'quoted "name", with comma',
];

/**
 * A ledger whose shards 0 and 1 are those of {@link rewardMerchants}, five merchants each, in November; and whose shard
 * 2 was written in October, November and December, as Shanghai counts them, with amounts that no double holds.
 */
export async function fillLedger(pool: Pool): Promise<void> {
  await rewardMerchants(pool, 0, 5);
  await rewardMerchants(pool, 1, 5);
  const october = Date.parse('2024-10-31T15:59:59.999Z');
  const november = Date.parse('2024-10-31T16:00:00.000Z');
  const december = Date.parse('2024-11-30T16:00:00.000Z');
  await commitAt(pool, 2, october, [
    budgetOf('ladder', 2n ** 60n),
    budgetOf('spring', 2n ** 60n),
    grantTo('early', october),
  ]);
  // The fact is of October, and was heard of in November.
  await commitAt(pool, 2, november, [grantTo('late', october)]);
  await commitAt(
    pool,
    2,
    november + 1,
    ODD_MERCHANTS.map((name) => grantTo(name, NOW_MS, 'spring')),
  );
  await commitAt(pool, 2, december, [grantTo('december', NOW_MS)]);
}

/** More than a double holds. */
export const LARGE = 2n ** 53n + 1n;

export function grantTo(
  merchantId: string,
  occurredAtMs = NOW_MS,
  program = 'ladder',
  amount = LARGE,
): EntryDraft {
  const grant = grantOf(1n, merchantId, 'lot-of-nobody');
  return {
    ...grant,
    occurredAtMs,
    postings: move('LIVE_IMP', amount, `pool:${program}`, 'available'),
    cause: { ...grant.cause, program } as EntryDraft['cause'],
  };
}

export function budgetOf(program: string, amount: bigint): EntryDraft {
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: NOW_MS,
    postings: move('LIVE_IMP', amount, 'issuance', `pool:${program}`),
    cause: {
      type: 'program_published',
      program,
      version: 1,
      programHash: '00',
    },
  };
}

/** Appends to the journal of grants as if it were that time. */
export async function commitAt(
  pool: Pool,
  shard: number,
  nowMs: number,
  drafts: readonly EntryDraft[],
): Promise<void> {
  const head = await readJournalHead(pool, 'grants', shard);
  const committed = await commitToJournal(pool, {
    journal: 'grants',
    shard,
    head,
    consumed: { topic: (head.consumed['topic'] ?? 0n) + 1n },
    drafts,
    nowMs,
  });
  if (!committed) throw new Error('another writer was there');
}
