import { setTimeout as sleep } from 'node:timers/promises';
import type { Unit } from '@app/contracts';
import type { EntryDraft } from '../entry.js';
import {
  leaseDraft,
  leasedAccount,
  passageOf,
  type Passage,
  type Slice,
} from '../lease.js';
import { readJournalHead, type JournalHead } from './head.js';
import { commitToJournal } from './journal-writer.js';
import type { Pool } from './pool.js';
import type { Queryable } from './queryable.js';

const JOURNAL = 'grants';
/** The journal has a writer of its own, and other shards borrow too: so often one gives way, and then gives up. */
const ATTEMPTS_MAX = 50;
const PAUSE_MS_MAX = 20;

/** A loan of a slice, out of the home of a pool to another shard. */
export interface Loan {
  /** From the home to the shard that borrows. */
  passage: Passage;
  /** What a decision is short of; nothing where it is ahead of need. */
  needed: bigint;
  /** How many shards there are: any of them may have returned something. */
  shardCount: number;
  /** How much to lend, at most what is left, where so much is under way already. */
  amountOf: (left: bigint, underWay: bigint) => bigint;
  /** Budgets that the home has still to be given: asked behind the head, so that none is given twice. */
  issues: () => Promise<readonly EntryDraft[]>;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** How a loan came out. */
export interface Lent {
  /** To be borrowed: what this loan and ones before have left under way. */
  underWay: bigint;
  /** In the home, after the loan. */
  left: bigint;
}

/**
 * Lends a slice: appends to the home's journal by compare-and-set on its head, as one more writer of that shard. What
 * it lends is there, whatever happens in between; and whoever dies after it leaves it under way, to be borrowed by the
 * next writer of the other shard. Where the home has less than is needed, it reclaims first what is on its way back.
 *
 * @throws Error where the head moved too often; nothing is lost, and it may be tried again
 */
export async function lendSlice(pool: Pool, loan: Loan): Promise<Lent> {
  const { passage, needed, nowMs } = loan;
  const { fromShard: home } = passage;
  return asOneMoreWriter(pool, home, nowMs, async () => {
    const [issues, pools, [underWay = 0n]] = await Promise.all([
      loan.issues(),
      readPools(pool, [home], passage),
      readUnderWay(pool, [passage]),
    ]);
    let left =
      sumInto(`pool:${passage.program}`, passage.unit, issues) +
      (pools.get(home) ?? 0n);
    let amount = loan.amountOf(left, underWay);
    const drafts = [...issues];
    if (amount + underWay < needed) {
      const returned = await findReturned(pool, loan);
      for (const slice of returned) {
        drafts.push(leaseDraft('reclaim', slice, nowMs));
        left += slice.amount;
      }
      amount = loan.amountOf(left, underWay);
    }
    if (amount > 0n)
      drafts.push(
        leaseDraft('lend', { passage, amount }, nowMs, {
          left,
          needed: needed > underWay ? needed - underWay : 0n,
        }),
      );
    return {
      drafts,
      result: { underWay: underWay + amount, left: left - amount },
    };
  });
}

/**
 * Takes what is under way to a shard into its pools there: what was lent to it, or what was returned to it.
 *
 * @param step `borrow`, or in the home of the pools `reclaim`
 * @param passages that end in this shard
 * @throws Error where the head moved too often; nothing is lost, and it may be tried again
 */
export function takeUnderWay(
  pool: Pool,
  step: 'borrow' | 'reclaim',
  shard: number,
  passages: readonly Passage[],
  nowMs: number,
): Promise<Slice[]> {
  return asOneMoreWriter(pool, shard, nowMs, async () => {
    const slices = withAmounts(passages, await readUnderWay(pool, passages));
    return {
      drafts: slices.map((slice) => leaseDraft(step, slice, nowMs)),
      result: slices,
    };
  });
}

/** What is under way over passages that end in one shard: those over which something is. */
export async function findUnderWay(
  db: Queryable,
  passages: readonly Passage[],
): Promise<Slice[]> {
  return withAmounts(passages, await readUnderWay(db, passages));
}

/** What is on its way back to a pool's home, from any shard. */
export function findReturned(
  db: Queryable,
  {
    passage: { program, unit, fromShard: home },
    shardCount,
  }: Pick<Loan, 'passage' | 'shardCount'>,
): Promise<Slice[]> {
  const passages = Array.from({ length: shardCount }, (_, fromShard) => ({
    program,
    unit,
    fromShard,
    toShard: home,
  })).filter(({ fromShard }) => fromShard !== home);
  return findUnderWay(db, passages);
}

/** The passages over which shards have sent anything, ever. */
export async function readPassagesFrom(
  db: Queryable,
  shards: readonly number[],
): Promise<Passage[]> {
  const { rows } = await db.query<{ account: string; unit: Unit }>({
    name: 'read-passages-from',
    text: `
      SELECT account, unit FROM shard_balance
      WHERE shard = ANY ($1::smallint[]) AND journal = '${JOURNAL}' AND account LIKE 'leased:%' AND amount > 0`,
    values: [shards],
  });
  return rows.flatMap(({ account, unit }) => passageOf(account, unit) ?? []);
}

/** By shard, what a pool has there; shards that never had any are left out. */
export async function readPools(
  db: Queryable,
  shards: readonly number[],
  { program, unit }: Pick<Passage, 'program' | 'unit'>,
): Promise<Map<number, bigint>> {
  const { rows } = await db.query<{ shard: number; amount: bigint }>({
    name: 'read-pools',
    text: `
      SELECT shard, amount FROM shard_balance
      WHERE shard = ANY ($1::smallint[]) AND journal = '${JOURNAL}' AND account = $2 AND unit = $3`,
    values: [shards, `pool:${program}`, unit],
  });
  return new Map(rows.map(({ shard, amount }) => [shard, amount]));
}

/**
 * By passage, what is under way. Where it ends is read ahead of where it begins: so that what is sent and taken
 * meanwhile makes it no less than nothing. Exact where nobody else takes: behind the head of the shard where it ends.
 */
async function readUnderWay(
  db: Queryable,
  passages: readonly Passage[],
): Promise<bigint[]> {
  if (passages.length === 0) return [];
  const taken = await readLeased(db, passages, 'toShard');
  const sent = await readLeased(db, passages, 'fromShard');
  return passages.map((_, i) => sent[i]! + taken[i]!);
}

async function readLeased(
  db: Queryable,
  passages: readonly Passage[],
  end: 'fromShard' | 'toShard',
): Promise<bigint[]> {
  const { rows } = await db.query<{
    shard: number;
    account: string;
    unit: Unit;
    amount: bigint;
  }>({
    name: 'read-leased',
    text: `
      SELECT shard, account, unit, amount FROM shard_balance
      WHERE shard = ANY ($1::smallint[]) AND journal = '${JOURNAL}' AND account = ANY ($2::text[])
        AND unit = ANY ($3::text[])`,
    values: [
      distinct(passages.map((passage) => passage[end])),
      distinct(passages.map(leasedAccount)),
      distinct(passages.map(({ unit }) => unit)),
    ],
  });
  const amounts = new Map(
    rows.map(({ shard, account, unit, amount }) => [
      `${shard} ${account} ${unit}`,
      amount,
    ]),
  );
  return passages.map(
    (passage) =>
      amounts.get(
        `${passage[end]} ${leasedAccount(passage)} ${passage.unit}`,
      ) ?? 0n,
  );
}

interface Appended<Result> {
  drafts: readonly EntryDraft[];
  result: Result;
}

/** Reads the head, then whatever is decided on, and commits where the head has not moved meanwhile. */
async function asOneMoreWriter<Result>(
  pool: Pool,
  shard: number,
  nowMs: number,
  decide: () => Promise<Appended<Result>>,
): Promise<Result> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const head = await readJournalHead(pool, JOURNAL, shard);
    const { drafts, result } = await decide();
    if (drafts.length === 0) return result;
    if (await append(pool, shard, head, drafts, nowMs)) return result;
    await sleep(Math.random() * PAUSE_MS_MAX);
  }
  throw new Error(
    `the ${JOURNAL} journal of shard ${shard} moves too fast to lend from`,
  );
}

/** @returns false where another writer moved the head, and nothing is written */
async function append(
  pool: Pool,
  shard: number,
  head: JournalHead,
  drafts: readonly EntryDraft[],
  nowMs: number,
): Promise<boolean> {
  const committed = await commitToJournal(pool, {
    journal: JOURNAL,
    shard,
    head,
    // It takes nothing from any source.
    consumed: head.consumed,
    drafts,
    nowMs,
  });
  return committed !== null;
}

function withAmounts(
  passages: readonly Passage[],
  amounts: readonly bigint[],
): Slice[] {
  return passages
    .map((passage, i) => ({ passage, amount: amounts[i]! }))
    .filter(({ amount }) => amount > 0n);
}

function sumInto(
  into: string,
  ofUnit: Unit,
  drafts: readonly EntryDraft[],
): bigint {
  return drafts
    .flatMap(({ postings }) => postings)
    .filter(({ account, unit }) => account === into && unit === ofUnit)
    .reduce((sum, { amount }) => sum + amount, 0n);
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}
