import { randomUUID } from 'node:crypto';
import { propose } from '@app/adjustments';
import { shardOf, TOPICS } from '@app/contracts';
import { publicationOf } from '@app/programs';
import { recordProgramChanges } from '@app/programs/postgres';
import { deadLetter } from '@app/streaming';
import { ActivityPublisher } from '../src/merchants/activity-publisher.js';
import { SHARD_COUNT, type ApiUnderTest } from './api-under-test.js';
import type { CallValues } from './operations.js';
import {
  flag,
  grant,
  PROGRAM,
  promote,
  publish,
  useLot,
} from './write-ledger.js';

const LEADERS_WITHIN_MS = 30_000;
const NOW_MS = Date.parse('2024-11-11T00:00:00.123Z');
const EVENT = { source: 'urn:orders', id: 'order-1' };

/** Of a type that was not known yet when it came. */
const DEAD_LETTER = {
  ...deadLetter(
    TOPICS.deadLetters,
    {
      topic: TOPICS.activity,
      partition: 1,
      position: 2n,
      key: Buffer.from('m1'),
      value: Buffer.from(
        JSON.stringify({
          specversion: '1.0',
          source: 'urn:products',
          id: 'listed-1',
          type: 'product.listed',
          subject: 'm1',
          time: '2024-11-11T08:00:00+08:00',
          data: { productId: 'p1' },
        }),
      ),
      headers: { 'content-type': 'application/cloudevents+json' },
    },
    { refusal: 'unknown_type', detail: 'type: no event "product.listed" here' },
  ),
  partition: 0,
};

const DRAFT = {
  fileName: 'daily.yaml',
  text: `
program: daily
version: 2
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 10, expiresAfterDays: 7 }] }
`,
};

const PUBLISHED = {
  fileName: 'weekly.yaml',
  text: DRAFT.text
    .replace('daily', 'weekly')
    .replace('version: 2', 'version: 1'),
};

/** Writes a small ledger, and answers a call of each operation that finds something in it; the merchant is `m1`. */
export async function goodCalls({
  app,
  pool,
  seal,
}: ApiUnderTest): Promise<Record<string, CallValues>> {
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  const event = { topic: 'merchant.activity.v1', partition: 0, offset: '1' };
  const lot = { unit: 'ANY_IMP', amount: 10n, expiresAt: soon } as const;
  await publish(pool, 'm1', { unit: 'ANY_IMP', amount: 1_000n }, NOW_MS);
  const [lotId, other] = await grant(
    pool,
    'm1',
    [{ ...lot, events: [{ ...event, ...EVENT }] }, lot],
    NOW_MS,
  );
  const use = {
    lotId: lotId!,
    unit: 'ANY_IMP',
    granted: 10n,
    spent: 4n,
  } as const;
  await useLot(pool, 'm1', use, NOW_MS + 1_000);
  const order = { lotId: other!, ordered: 6n, reported: 7n };
  await promote(pool, 'm1', { unit: 'ANY_IMP', ...order }, NOW_MS + 1_000);
  await flag(pool, 'm1', 'orders among friends', NOW_MS + 2_000);
  await seal();
  // Brokers take a moment to lead new topics.
  await vi.waitFor(() => app.get(ActivityPublisher).send(DEAD_LETTER), {
    timeout: LEADERS_WITHIN_MS,
    interval: 200,
  });

  const budget = {
    type: 'budget',
    program: PROGRAM,
    unit: 'ANY_IMP',
    amount: 1,
  } as const;
  const proposalId = async () => {
    const finance = { pool, shardCount: SHARD_COUNT, nowMs: Date.now };
    const adjustment = { ...budget, amount: 1n };
    const request = { adjustment, shard: null, reason: 'more', by: 'alice' };
    return (await propose(finance, request)).proposalId;
  };

  // Nothing follows the record here: what granters make of it is tested with them.
  await recordProgramChanges(
    pool,
    { madeBy: 'alice', reason: null, changeId: randomUUID() },
    (changes, known) => {
      const { change } = publicationOf(PUBLISHED, changes, known, NOW_MS);
      return change ? [change] : [];
    },
  );
  const weekly = { program: 'weekly' };

  const ofMerchant = { path: { id: 'm1' } };
  const period = {
    from: '2024-11-11T08:00:00+08:00',
    to: '2024-11-12T00:00:00Z',
  };
  return {
    readAsyncApi: {},
    readOpenApi: {},
    readLiveness: {},
    readReadiness: {},
    readMetrics: {},

    readWallet: ofMerchant,
    listMerchantEntries: { ...ofMerchant, query: { limit: '1' } },
    readBalances: { ...ofMerchant, query: { at: period.to } },
    listLots: { ...ofMerchant, query: { limit: '1' } },
    listExpiringLots: { ...ofMerchant, query: { withinDays: '2' } },
    followEntries: ofMerchant,
    listGrants: { ...ofMerchant, query: { limit: '1' } },
    readResults: {
      ...ofMerchant,
      query: { from: '2024-11-01', to: '2024-11-30', by: 'session' },
    },
    readStatement: { ...ofMerchant, query: { ...period, limit: '1' } },
    readAutoPromotion: ofMerchant,
    // As it stands already: what becomes of a turn is tested where there is somebody to take it.
    turnAutoPromotion: { ...ofMerchant, body: { enabled: false } },

    readTrialBalance: { query: { position: '1' } },
    readTotals: { query: { by: 'day,program', from: period.from } },
    readProgramFunds: { path: { program: PROGRAM }, query: { position: '1' } },
    reconcileActivity: { query: { limit: '1' } },
    reconcileDeliveries: { query: { limit: '1' } },
    listGrantsBeforeFlag: { query: { limit: '1' } },
    listEntries: {
      query: { program: PROGRAM, version: '1', kind: 'grant', ...period },
    },
    readEntry: {
      path: { entryId: `promotions-${shardOf('m1', SHARD_COUNT)}-1` },
    },
    readLifeOfLot: { path: { lotId: lotId! }, query: { limit: '1' } },
    listEffectsOfEvent: { query: EVENT },
    listChanges: { query: { merchant: 'm1' } },
    exportEntries: { query: { format: 'ndjson', merchant: 'm1' } },

    listAdjustments: { query: { open: 'true', limit: '1' } },
    readAdjustment: { path: { proposalId: await proposalId() } },
    proposeAdjustment: { body: { adjustment: budget, reason: 'more' } },
    approveAdjustment: { path: { proposalId: await proposalId() } },
    rejectAdjustment: {
      path: { proposalId: await proposalId() },
      body: { reason: 'a mistake' },
    },

    flagMerchant: { ...ofMerchant, body: { reason: 'orders among friends' } },
    listConsumers: {},
    listDeadLetters: { query: { limit: '1' } },
    replayDeadLetter: { path: { partition: '0', offset: '0' }, body: {} },

    listPrograms: {},
    readProgram: { path: { program: PROGRAM } },
    publishProgram: { body: PUBLISHED },
    pauseProgram: { path: weekly, body: { reason: 'orders look odd' } },
    resumeProgram: { path: weekly, body: { reason: 'they were in order' } },
    checkPrograms: { body: { files: [DRAFT] } },
    dryRunProgram: {
      body: { draft: DRAFT, running: DRAFT, from: period.from },
    },

    readCheckpoint: {},
    proveInclusion: { query: { entry: lotId! } },
    proveBalances: { ...ofMerchant, query: { block: '0' } },
    proveConsistency: { query: { from: '1' } },
  };
}
