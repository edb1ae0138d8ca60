import { shardOf } from '@app/contracts';
import type { EntryDraft } from '@app/ledger';
import {
  commitToJournal,
  insertLots,
  readJournalHead,
  type JournalHead,
  type Pool,
} from '@app/ledger/postgres';
import {
  budget,
  LivingMerchant,
  POSTINGS_A_ROUND,
  POSTINGS_OF_EXPIRY,
} from './lives.js';

export const SHARD_COUNT = 64;
export const FIRST_COMMIT_MS = Date.parse('2024-01-01T00:00:00Z');
const COMMIT_INTERVAL_MS = 60_000;
/** Of merchants that are not measured: their number grows with the ledger. */
const ROUNDS_EACH = 2;
/** Written at a time, in shards of their own. */
const WRITERS = 2;

/** Whose history grows with the ledger: a third of all postings is theirs. */
export const MEASURED_MERCHANTS = ['measured-1', 'measured-2', 'measured-3'];

export interface LedgerSize {
  postings: number;
  /** Lives of lots in a commit. */
  roundsACommit: number;
}

export interface FilledLedger {
  postings: number;
  merchants: number;
  /** When the last commit of any shard was recorded: milliseconds since the epoch. */
  lastCommitMs: number;
}

/**
 * Fills an empty ledger through the store path: chained, balanced entries over both journals, commit by commit, with
 * every check of the database switched on. Indexes that nothing but reads use are put aside meanwhile, and nothing
 * waits for the disk.
 */
export async function fillLedger(
  pool: Pool,
  { postings, roundsACommit }: LedgerSize,
  onProgress: (postings: number) => void,
): Promise<FilledLedger> {
  const shards = planShards(postings);
  const queue = [...shards].sort((a, b) => b.rounds.length - a.rounds.length);
  let filled = 0;
  let lastCommitMs = 0;
  const definitions = await putIndexesAside(pool);
  await settings(pool, 'SET', FILL_SETTINGS);
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const atMs = await fillShard(pool, next, roundsACommit, (rounds) => {
          filled += rounds * POSTINGS_A_ROUND;
          onProgress(filled);
        });
        lastCommitMs = Math.max(lastCommitMs, atMs);
      }
    }),
  );
  await settings(pool, 'RESET', FILL_SETTINGS);
  return { lastCommitMs, ...(await finish(pool, definitions)) };
}

const FILL_SETTINGS = {
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_wal_size: '16GB',
};

/** Of the whole server, from now on. */
async function settings(
  pool: Pool,
  what: 'SET' | 'RESET',
  values: Record<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(values))
    await pool.query(
      `ALTER SYSTEM ${what} ${name}${what === 'SET' ? ` = '${value}'` : ''}`,
    );
  await pool.query('SELECT pg_reload_conf()');
}

interface ShardPlan {
  shard: number;
  /** Whose round it is, one after the other. */
  rounds: LivingMerchant[];
}

function planShards(postings: number): ShardPlan[] {
  const plans = Array.from({ length: SHARD_COUNT }, (_, shard): ShardPlan => ({
    shard,
    rounds: [],
  }));
  const planOf = (merchant: LivingMerchant) =>
    plans[shardOf(merchant.merchantId, SHARD_COUNT)]!;
  const others = Math.round(
    ((postings / 3) * 2) / POSTINGS_A_ROUND / ROUNDS_EACH,
  );
  for (let n = 0; n < others; n += 1) {
    const merchant = new LivingMerchant(`merchant-${n}`);
    for (let i = 0; i < ROUNDS_EACH; i += 1)
      planOf(merchant).rounds.push(merchant);
  }
  const roundsEach = Math.round(
    postings /
      3 /
      (POSTINGS_A_ROUND + POSTINGS_OF_EXPIRY) /
      MEASURED_MERCHANTS.length,
  );
  for (const merchantId of MEASURED_MERCHANTS) {
    const merchant = new LivingMerchant(merchantId);
    const plan = planOf(merchant);
    plan.rounds = spread(plan.rounds, merchant, roundsEach);
  }
  return plans;
}

/** The rounds of a merchant among those of others, evenly. */
function spread(
  others: readonly LivingMerchant[],
  merchant: LivingMerchant,
  count: number,
): LivingMerchant[] {
  const total = others.length + count;
  let next = 0;
  return Array.from({ length: total }, (_, i) =>
    Math.floor(((i + 1) * others.length) / total) > next
      ? others[next++]!
      : merchant,
  );
}

async function fillShard(
  pool: Pool,
  { shard, rounds }: ShardPlan,
  roundsACommit: number,
  onRounds: (count: number) => void,
): Promise<number> {
  let grants = await readJournalHead(pool, 'grants', shard);
  let promotions = await readJournalHead(pool, 'promotions', shard);
  let atMs = FIRST_COMMIT_MS;
  for (let i = 0; i < rounds.length; i += roundsACommit) {
    const now = rounds.slice(i, i + roundsACommit);
    atMs += COMMIT_INTERVAL_MS;
    const made = grantAll(now, {
      shard,
      head: grants,
      atMs,
      first: i === 0 ? [budget(rounds.length, atMs)] : [],
    });
    grants = await commit(pool, {
      journal: 'grants',
      shard,
      head: grants,
      drafts: made.drafts,
      nowMs: atMs,
      alongside: () => insertLots(shard, made.lots),
    });
    promotions = await commit(pool, {
      journal: 'promotions',
      shard,
      head: promotions,
      drafts: now.flatMap((merchant) => merchant.promote(atMs, shard)),
      nowMs: atMs,
      // Made out of the postings in the end: it is what they sum to.
    });
    onRounds(now.length);
  }
  return atMs;
}

function grantAll(
  merchants: readonly LivingMerchant[],
  place: {
    shard: number;
    head: JournalHead;
    atMs: number;
    first: EntryDraft[];
  },
) {
  const drafts = [...place.first];
  const lots = merchants.flatMap((merchant) => {
    const sequence = place.head.tip.sequence + BigInt(drafts.length) + 1n;
    const granted = merchant.grant(place.atMs, {
      shard: place.shard,
      sequence,
    });
    drafts.push(...granted.drafts);
    return granted.lots;
  });
  return { drafts, lots };
}

async function commit(
  pool: Pool,
  what: Omit<Parameters<typeof commitToJournal>[1], 'consumed'>,
): Promise<JournalHead> {
  const consumed = { bench: what.head.revision + 1n };
  const committed = await commitToJournal(pool, { ...what, consumed });
  if (!committed) throw new Error(`another writer is at shard ${what.shard}`);
  return committed.head;
}

/** Of tables that grow by millions of rows: each is quicker made in one go. */
const INDEXES = [
  'entry_of_merchant',
  'entry_of_rule',
  'posting_of_account',
  'posting_of_lot',
];

/** @returns how to make them again */
async function putIndexesAside(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ definition: string }>(
    `SELECT indexdef AS definition FROM pg_indexes WHERE indexname = ANY ($1)`,
    [INDEXES],
  );
  if (rows.length !== INDEXES.length) throw new Error('an index is missing');
  await pool.query(`DROP INDEX ${INDEXES.join(', ')}`);
  return rows.map(({ definition }) => definition);
}

const FILL_LOT_USE = `
  INSERT INTO lot_use (shard, lot_id, granted, spent, expired)
  SELECT shard, lot_id, lot.granted, used.spent, used.expired FROM lot JOIN (
    SELECT shard, lot_id, coalesce(sum(amount) FILTER (WHERE account = 'spent:live'), 0) AS spent,
      coalesce(sum(amount) FILTER (WHERE account LIKE 'expired:%'), 0) AS expired
    FROM posting WHERE journal = 'promotions' GROUP BY shard, lot_id) AS used USING (shard, lot_id)`;

/** Makes the indexes and the use of lots, and does what PostgreSQL does by itself in time. */
async function finish(
  pool: Pool,
  definitions: readonly string[],
): Promise<Pick<FilledLedger, 'postings' | 'merchants'>> {
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await client.query(`SET maintenance_work_mem = '512MB'`);
    for (const definition of definitions) await client.query(definition);
    await client.query(FILL_LOT_USE);
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{
      postings: bigint;
      merchants: bigint;
    }>(
      `SELECT (SELECT count(*) FROM posting) AS postings,
         (SELECT count(*) FROM (SELECT DISTINCT shard, merchant_id FROM merchant_balance)) AS merchants`,
    );
    const { postings, merchants } = rows[0]!;
    return { postings: Number(postings), merchants: Number(merchants) };
  } finally {
    // Its settings go with it.
    client.release(true);
  }
}
