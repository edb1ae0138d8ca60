import canonicalize from 'canonicalize';
import { TOPICS } from '@app/contracts';
import type { Cause, EntryDraft } from '@app/ledger';
import {
  GranterInMemory,
  parsePrograms,
  ProgramSet,
  type ActivityInput,
} from '@app/programs';
import { eventOf, type EventRow } from '@app/programs/postgres';
import { SHIPPED_FILES } from '../../libs/programs/test/programs.js';
import type { LedgerView } from './ledger-view.js';

/** The programs that `npm start` runs. */
export const PROGRAMS = parsePrograms(SHIPPED_FILES);

/** What was granted and taken back: as the ledger has it, and as a granter in memory decides it a second time. */
export interface Decisions {
  recorded: string[];
  decidedAgain: string[];
}

/**
 * Decides once more on all that was recorded: the same events, in the same batches, at the same times by the clock.
 * Pools are as large in each shard as they are in all, and never run dry.
 */
export async function decideAgain(ledger: LedgerView): Promise<Decisions> {
  const decisions: Decisions = { recorded: [], decidedAgain: [] };
  const shards = await ledger.all<{ shard: number }>(
    `SELECT shard FROM shard_head WHERE journal = 'grants' ORDER BY shard`,
  );
  for (const { shard } of shards) {
    const batches = await readBatches(ledger, shard);
    const recorded = await readDecisions(
      ledger,
      shard,
      batches.at(-1)!.sequence,
    );
    decisions.recorded.push(...recorded.sort());
    const again = await decideInMemory(ledger, shard, batches);
    decisions.decidedAgain.push(...again.sort());
  }
  return decisions;
}

interface BatchRow {
  /** Of its last entry. */
  sequence: string;
  consumed: string | null;
  ticked_at: Date | null;
}

function readBatches(ledger: LedgerView, shard: number): Promise<BatchRow[]> {
  return ledger.all<BatchRow>(
    `SELECT sequence, consumed->>$2 AS consumed, ticked_at FROM journal_batch
     WHERE shard = $1 AND journal = 'grants' ORDER BY revision`,
    shard,
    TOPICS.activity,
  );
}

async function readDecisions(
  ledger: LedgerView,
  shard: number,
  last: string,
): Promise<string[]> {
  const rows = await ledger.all<{
    kind: EntryDraft['kind'];
    merchant_id: string;
    occurred_at: Date;
    cause: Cause;
    amount: string;
  }>(
    `SELECT kind, merchant_id, occurred_at, cause, coalesce((
       SELECT -amount FROM posting
       WHERE posting.shard = entry.shard AND posting.journal = entry.journal
         AND posting.sequence = entry.sequence AND account LIKE 'pool:%'), 0) AS amount
     FROM entry
     WHERE shard = $1 AND journal = 'grants' AND kind IN ('grant', 'clawback') AND sequence <= $2`,
    shard,
    last,
  );
  return rows.map(({ kind, merchant_id, occurred_at, cause, amount }) =>
    told(
      {
        kind,
        merchantId: merchant_id,
        occurredAtMs: occurred_at.getTime(),
        cause,
      },
      amount,
    ),
  );
}

async function decideInMemory(
  ledger: LedgerView,
  shard: number,
  batches: readonly BatchRow[],
): Promise<string[]> {
  const rows = await ledger.all<EventRow & { kafka_offset: string }>(
    `SELECT merchant_id, type, occurred_at, data, kafka_offset FROM activity
     WHERE shard = $1 ORDER BY kafka_offset`,
    shard,
  );
  const granter = new GranterInMemory(new ProgramSet(PROGRAMS), { shard });
  let taken = 0;
  return batches.flatMap(({ consumed, ticked_at }) => {
    if (!ticked_at) return [];
    const inputs: ActivityInput[] = [];
    for (; taken < rows.length; taken += 1) {
      const row = rows[taken]!;
      if (BigInt(row.kafka_offset) >= BigInt(consumed ?? 0)) break;
      inputs.push({ event: eventOf(row), reference: NO_REFERENCE });
    }
    return granter
      .run(inputs, ticked_at.getTime())
      .drafts.map((draft) => told(draft, fromPool(draft)));
  });
}

/** What was accepted is known, and not where it came from. */
const NO_REFERENCE = {
  topic: TOPICS.activity,
  partition: 0,
  offset: '0',
  source: '',
  id: '',
};

function fromPool({ postings }: EntryDraft): string {
  const line = postings.find(({ account }) => account.startsWith('pool:'));
  return String(-(line?.amount ?? 0n));
}

/** A decision in words, without what depends on spending, and the names of events and other entries. */
function told(
  {
    kind,
    merchantId,
    occurredAtMs,
    cause,
  }: Pick<EntryDraft, 'kind' | 'merchantId' | 'occurredAtMs' | 'cause'>,
  amount: string,
): string {
  const said = Object.entries(cause).filter(
    ([name]) => !DEPENDENT.includes(name),
  );
  return [
    merchantId,
    new Date(occurredAtMs).toISOString(),
    kind,
    amount,
    canonicalize(Object.fromEntries(said)),
  ].join(' ');
}

const DEPENDENT = ['events', 'lots', 'keptBack', 'owed'];
