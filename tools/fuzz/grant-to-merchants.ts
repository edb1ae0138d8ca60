import { shardOf } from '@app/contracts';
import { entryId, move, type EntryDraft, type NewLot } from '@app/ledger';
import {
  commitToJournal,
  createPool,
  insertLots,
  readJournalHead,
  type Pool,
} from '@app/ledger/postgres';

const JOURNAL = 'grants';
const PROGRAM = 'fuzz';
const UNIT = 'ANY_IMP';
const GRANTED = 1_000n;
const EXPIRES_AFTER_MS = 30 * 86_400_000;

/** Grants each merchant a lot, as the granter would have: entries that verify, and can be sealed. */
export async function grantToMerchants(
  databaseUrl: string,
  merchantIds: readonly string[],
  shardCount: number,
): Promise<void> {
  const pool = createPool(databaseUrl, {
    applicationName: 'fuzz-api',
    maxConnections: 2,
  });
  try {
    for (let shard = 0; shard < shardCount; shard += 1) {
      const ofShard = merchantIds.filter(
        (merchantId) => shardOf(merchantId, shardCount) === shard,
      );
      if (ofShard.length > 0) await grantInShard(pool, shard, ofShard);
    }
  } finally {
    await pool.end();
  }
}

async function grantInShard(
  pool: Pool,
  shard: number,
  merchantIds: readonly string[],
): Promise<void> {
  const head = await readJournalHead(pool, JOURNAL, shard);
  const nowMs = Date.now();
  const expiresAtMs = nowMs + EXPIRES_AFTER_MS;
  const lots = merchantIds.map((merchantId, i): NewLot => ({
    // Behind the budget.
    lotId: entryId(JOURNAL, shard, head.tip.sequence + BigInt(i) + 2n),
    merchantId,
    unit: UNIT,
    granted: GRANTED,
    expiresAtMs,
    program: PROGRAM,
  }));
  await commitToJournal(pool, {
    journal: JOURNAL,
    shard,
    head,
    consumed: {},
    drafts: [
      budgetOf(GRANTED * BigInt(lots.length), nowMs),
      ...lots.map((lot) => grantOf(lot, nowMs)),
    ],
    nowMs,
    alongside: () => insertLots(shard, lots),
  });
}

function budgetOf(amount: bigint, nowMs: number): EntryDraft {
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: nowMs,
    postings: move(UNIT, amount, 'issuance', `pool:${PROGRAM}`),
    cause: {
      type: 'program_published',
      program: PROGRAM,
      version: 1,
      unit: UNIT,
      programHash: '0'.repeat(64),
    },
  };
}

function grantOf(
  { lotId, merchantId, granted, expiresAtMs }: NewLot,
  nowMs: number,
): EntryDraft {
  return {
    kind: 'grant',
    merchantId,
    occurredAtMs: nowMs,
    postings: move(UNIT, granted, `pool:${PROGRAM}`, 'available', lotId),
    cause: {
      type: 'goal_reached',
      program: PROGRAM,
      version: 1,
      goal: 'orders',
      tier: '1',
      period: 'week:2024-11-04',
      metric: 'orders',
      value: 1,
      threshold: 1,
      promised: Number(granted),
      poolRanDry: false,
      expiresAt: new Date(expiresAtMs).toISOString(),
      events: [],
    },
  };
}
