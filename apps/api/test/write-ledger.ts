import { shardOf, type Unit } from '@app/contracts';
import {
  entryId,
  move,
  type Entry,
  type EventReference,
  type EntryDraft,
  type Journal,
  type Posting,
} from '@app/ledger';
import {
  addToLotUse,
  commitToJournal,
  insertLots,
  readJournalHead,
  type Pool,
  type Statement,
} from '@app/ledger/postgres';
import { SHARD_COUNT } from './api-under-test.js';

export const PROGRAM = 'order-ladder';

/** Appends entries to a journal of a merchant's shard, as its writer would. */
export async function append(
  pool: Pool,
  journal: Journal,
  merchantId: string,
  drafts: readonly EntryDraft[],
  nowMs: number,
  alongside: () => Statement[] = () => [],
): Promise<Entry[]> {
  const shard = shardOf(merchantId, SHARD_COUNT);
  const head = await readJournalHead(pool, journal, shard);
  const committed = await commitToJournal(pool, {
    journal,
    shard,
    head,
    consumed: { 'merchant.activity.v1': BigInt(nowMs) },
    drafts,
    nowMs,
    alongside,
  });
  return committed!.entries;
}

/** Publishes version 1 of the program with a budget, in the shard of a merchant. */
export async function publish(
  pool: Pool,
  merchantId: string,
  budget: { unit: Unit; amount: bigint },
  nowMs: number,
): Promise<void> {
  const { unit, amount } = budget;
  const draft: EntryDraft = {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: nowMs,
    postings: move(unit, amount, 'issuance', `pool:${PROGRAM}`),
    cause: {
      type: 'program_published',
      program: PROGRAM,
      version: 1,
      unit,
      programHash: '0'.repeat(64),
    },
  };
  await append(pool, 'grants', merchantId, [draft], nowMs);
}

export interface TestGrant {
  unit: Unit;
  amount: bigint;
  expiresAt: string;
  /** What decided it; nothing, by default. */
  events?: EventReference[];
}

/** Grants lots out of a budget that was set for them; answers the lots' ids. */
export async function grant(
  pool: Pool,
  merchantId: string,
  grants: readonly TestGrant[],
  nowMs: number,
): Promise<string[]> {
  const shard = shardOf(merchantId, SHARD_COUNT);
  const { tip } = await readJournalHead(pool, 'grants', shard);
  const lotIds = grants.map((_, i) =>
    entryId('grants', shard, tip.sequence + BigInt(i) + 1n),
  );
  const drafts = grants.map(
    ({ unit, amount, expiresAt, events = [] }, i): EntryDraft => ({
      kind: 'grant',
      merchantId,
      occurredAtMs: nowMs,
      postings: move(unit, amount, `pool:${PROGRAM}`, 'available', lotIds[i]!),
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
        promised: Number(amount),
        poolRanDry: false,
        expiresAt,
        events,
      },
    }),
  );
  const lots = grants.map(({ unit, amount, expiresAt }, i) => ({
    lotId: lotIds[i]!,
    merchantId,
    unit,
    granted: amount,
    expiresAtMs: Date.parse(expiresAt),
    program: PROGRAM,
  }));
  await append(pool, 'grants', merchantId, drafts, nowMs, () =>
    insertLots(shard, lots),
  );
  return lotIds;
}

/** What has become of a lot, of which the promotions journal tells at once. */
export interface TestUse {
  lotId: string;
  unit: Unit;
  granted: bigint;
  reserved?: bigint;
  spent?: bigint;
  expired?: bigint;
}

export async function useLot(
  pool: Pool,
  merchantId: string,
  { lotId, unit, granted, reserved = 0n, spent = 0n, expired = 0n }: TestUse,
  nowMs: number,
): Promise<void> {
  const shard = shardOf(merchantId, SHARD_COUNT);
  const postings = [
    ...(reserved + spent > 0n
      ? move(unit, reserved + spent, 'available', 'reserved', lotId)
      : []),
    ...(spent > 0n ? move(unit, spent, 'reserved', 'spent:live', lotId) : []),
    ...(expired > 0n
      ? move(unit, expired, 'available', `expired:${PROGRAM}`, lotId)
      : []),
  ];
  const draft: EntryDraft = {
    kind: 'deliver',
    merchantId,
    occurredAtMs: nowMs,
    postings,
    cause: {
      type: 'lot_expired',
      lotId,
      program: PROGRAM,
      expiresAt: new Date(nowMs).toISOString(),
    },
  };
  await append(pool, 'promotions', merchantId, [draft], nowMs, () => [
    {
      text: `INSERT INTO lot_use (shard, lot_id, granted, reserved, spent, expired, clawed_back)
       VALUES ($1, $2, $3, $4, $5, $6, 0)`,
      values: [shard, lotId, granted, reserved, spent, expired],
    },
  ]);
}

/** A promotion order of a lot, and a report of it; open. */
export interface TestOrder {
  lotId: string;
  unit: Unit;
  ordered: bigint;
  reported: bigint;
}

export async function promote(
  pool: Pool,
  merchantId: string,
  { lotId, unit, ordered, reported }: TestOrder,
  nowMs: number,
): Promise<string> {
  const shard = shardOf(merchantId, SHARD_COUNT);
  const { tip } = await readJournalHead(pool, 'promotions', shard);
  const promotionOrderId = entryId('promotions', shard, tip.sequence + 1n);
  const spent = reported < ordered ? reported : ordered;
  const fact = { merchantId, occurredAtMs: nowMs };
  const drafts: EntryDraft[] = [
    {
      ...fact,
      kind: 'reserve',
      postings: move(unit, ordered, 'available', 'reserved', lotId),
      cause: {
        type: 'promotion_ordered',
        promotionOrderId,
        placement: 'live',
        sessionId: 'session-1',
        impressions: Number(ordered),
        deadline: new Date(nowMs + 1_800_000).toISOString(),
        decision: { policy: 'test', spendable: Number(ordered) },
      },
    },
    {
      ...fact,
      kind: 'deliver',
      postings: move(unit, spent, 'reserved', 'spent:live', lotId),
      cause: {
        type: 'promotion_delivered',
        promotionOrderId,
        reportedImpressions: Number(reported),
        clicks: 1,
        orders: 0,
        gmvMinor: 0,
        event: {
          topic: 'promotion.delivery.v1',
          partition: shard,
          offset: '0',
          source: 'urn:ads',
          id: promotionOrderId,
        },
      },
    },
  ];
  await append(pool, 'promotions', merchantId, drafts, nowMs, () =>
    addToLotUse(shard, drafts),
  );
  return promotionOrderId;
}

/** An event that the granter accepted, of which nothing came. */
export async function accept(
  pool: Pool,
  merchantId: string,
  {
    type,
    data,
    source = 'urn:test',
    id,
    offset = 1,
  }: {
    type: string;
    data: object;
    source?: string;
    id: string;
    offset?: number;
  },
  atMs: number,
): Promise<void> {
  const at = new Date(atMs);
  await pool.query(`SELECT ensure_quarter('activity', $1)`, [at]);
  await pool.query(
    `INSERT INTO activity (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, data)
     VALUES ($1, event_key($2, $3), '', $4, $5, $6, $7, $8)`,
    [
      shardOf(merchantId, SHARD_COUNT),
      source,
      id,
      merchantId,
      type,
      at,
      offset,
      JSON.stringify(data),
    ],
  );
}

/** Whoever flags a merchant. */
export function flag(
  pool: Pool,
  merchantId: string,
  reason: string,
  atMs: number,
): Promise<void> {
  const target = { kind: 'merchant', id: merchantId };
  const event = { type: 'risk.flagged', data: { target, reason }, id: reason };
  return accept(pool, merchantId, event, atMs);
}

/** What a decision of the granter moves in its own journal, and what the promoter makes of it. */
export interface TestTakingBack {
  lotId: string;
  /** Of the lot. */
  postings: readonly Posting[];
  cash: readonly Posting[];
}

export async function takeBack(
  pool: Pool,
  merchantId: string,
  { lotId, postings, cash }: TestTakingBack,
  nowMs: number,
): Promise<void> {
  const shard = shardOf(merchantId, SHARD_COUNT);
  const fact = { kind: 'clawback', merchantId, occurredAtMs: nowMs } as const;
  const asked = Number(
    postings.reduce(
      (sum, line) => sum + (line.amount > 0n ? line.amount : 0n),
      0n,
    ),
  );
  const decision: EntryDraft = {
    ...fact,
    postings: cash,
    cause: {
      type: 'reward_taken_back',
      program: PROGRAM,
      version: 1,
      goal: 'orders',
      period: 'week:2024-11-04',
      metric: 'orders',
      value: 0,
      rule: 'difference',
      because: 'refund',
      unit: 'ANY_IMP',
      amount: asked,
      lots: [{ lotId, amount: asked }],
      events: [],
    },
  };
  const [decided] = await append(pool, 'grants', merchantId, [decision], nowMs);
  const draft: EntryDraft = {
    ...fact,
    postings,
    cause: {
      type: 'lot_taken_back',
      lotId,
      program: PROGRAM,
      decidedBy: entryId('grants', shard, decided!.sequence),
      asked,
    },
  };
  await append(pool, 'promotions', merchantId, [draft], nowMs, () =>
    addToLotUse(shard, [draft]),
  );
}
