import { inject } from 'vitest';
import { eventKey, TOPICS } from '@app/contracts';
import { grantOf, NOW_MS } from '../../../test/entries.js';
import { createLedger, type TestLedger } from '../../../test/journal.js';
import { whileTampered } from '../../../test/tamper.js';
import type { EventReference } from '../../cause.js';
import { entryId, move, type EntryDraft, type Journal } from '../../entry.js';
import { LEDGER_TOTALS } from '../asking/ledger-totals.js';
import {
  FLAGGED_MERCHANTS,
  GRANTS_BEFORE_FLAG,
} from '../asking/grants-before-flag.js';
import { PROGRAM_BUDGETS, PROGRAM_SPENT } from '../asking/program-funds.js';
import { cutAt } from '../as-of/index.js';
import { readJournalHead } from '../head.js';
import { commitToJournal } from '../journal-writer.js';
import { createPool, type Pool } from '../pool.js';
import type { Queryable } from '../queryable.js';
import { ROLES } from '../roles.js';
import {
  ACCEPTED_ACTIVITY,
  EVENTS_NAMED,
  reconcileActivity,
  type EventPlace,
} from './reconcile-activity.js';
import {
  LIVES_OF_ORDERS,
  ORPHANS,
  reconcileDeliveries,
} from './reconcile-deliveries.js';
import { TAKEN_BY_PROMOTER } from './taken-by-promoter.js';

const SHARDS = [2, 3];
/** More than are read at a time. */
const EVENTS = 2_500;
const MERCHANTS = 250;
const PAGE = { differencesMax: 10, eventsMax: Infinity };

describe('reconciling the ledger', () => {
  let ledger: TestLedger;
  let pool: Pool;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    pool = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 1,
      role: ROLES.auditor,
      readsMoments: true,
    });
    await ledger.pool.query(
      `SELECT ensure_quarter(parent, $1) FROM unnest(ARRAY['activity', 'promotion_input']) AS parent`,
      [new Date(NOW_MS)],
    );
    for (const shard of SHARDS) await fill(shard);
    await ledger.pool.query('ANALYZE');
  });
  afterAll(async () => {
    await pool.end();
    await ledger.close();
  });

  it('finds nothing where each entry comes of its event, window by window', async () => {
    const { counts, ...others } = await reconcileActivity(pool, {
      shards: SHARDS,
      ...PAGE,
    });
    const each = BigInt(EVENTS);
    expect(others).toEqual({
      consumedOffsets: 2n * each,
      differences: [],
      next: null,
    });
    expect(counts).toEqual([
      {
        type: 'order.paid',
        accepted: 2n * each,
        amountMinor: 2n * each * 100n,
        late: 0n,
        ledToGrants: each,
        ledToOthers: 0n,
        ledToNothing: each,
      },
    ]);
  });

  it('comes to the same page by page, also of a period', async () => {
    const all = await reconcileActivity(pool, { shards: SHARDS, ...PAGE });
    let after: EventPlace | null = null;
    let [accepted, consumed] = [0n, 0n];
    for (let pages = 1; ; pages += 1) {
      const page = await reconcileActivity(pool, {
        shards: SHARDS,
        ...PAGE,
        eventsMax: 1_700,
        after,
      });
      for (const count of page.counts) accepted += count.accepted;
      consumed += page.consumedOffsets;
      after = page.next;
      if (after) continue;
      expect(pages).toBe(4);
      break;
    }
    expect(accepted).toBe(all.counts[0]!.accepted);
    expect(consumed).toBe(all.consumedOffsets);
    const { counts } = await reconcileActivity(pool, {
      shards: SHARDS,
      ...PAGE,
      from: new Date(NOW_MS + 100_000),
      to: new Date(NOW_MS + 200_000),
    });
    expect(counts[0]!.accepted).toBe(200n);
  });

  it('names what was changed on either side', async () => {
    const key = (i: number) => eventKey('orders', `paid-2-${i}`);
    await tampered(
      `DELETE FROM activity WHERE shard = 2 AND event_key = '\\x${key(0).toString('hex')}'`,
      [['not_accepted', entryId('grants', 2, 2n)]],
    );
    await tampered(
      `UPDATE activity SET kafka_offset = 99999 WHERE shard = 2 AND event_key = '\\x${key(1).toString('hex')}'`,
      [['beyond_consumed', null]],
    );
    await tampered(
      `UPDATE activity SET merchant_id = 'm0' WHERE shard = 2 AND event_key = '\\x${key(2).toString('hex')}'`,
      [['of_another_merchant', entryId('grants', 2, 3n)]],
    );
    await tampered('DELETE FROM promotion_input WHERE shard = 3', [
      ['not_taken', expect.stringContaining('promotions-3-') as string],
    ]);
  });

  it('misses nothing of what is forgotten, though what came late may be there', async () => {
    await tampered(
      `WITH gone AS (DELETE FROM activity WHERE shard = 2)
       UPDATE activity_kept SET kept_from = '2026-01-01T00:00:00Z'`,
      [],
    );
  });

  it('sums what was ordered, reported and spent by placement, and tells what ad delivery did', async () => {
    const { sums, differences, next } = await deliveries({});
    const each = 2n * BigInt(MERCHANTS);
    expect(sums).toMatchObject([
      {
        placement: 'live',
        promotionOrders: each,
        ordered: each * 6n,
        reported: each * 4n + 100n,
        spent: each * 4n + 2n * 2n,
        beyondOrders: 96n,
        released: each * 2n - 2n * 2n,
        openReserve: 0n,
        withoutReport: 0n,
      },
    ]);
    expect(next).toBeNull();
    expect(differences).toMatchObject([
      {
        difference: 'reported_beyond_order',
        order: { reported: 54n, spent: 6n },
      },
      { difference: 'reported_beyond_order', order: { merchantId: 'm0' } },
    ]);
  });

  it('finds an order whose postings are others than its reports, and reports without an order', async () => {
    await tampered(
      `UPDATE posting SET amount = 3 * sign(amount) WHERE shard = 2 AND journal = 'promotions' AND sequence = 5`,
      [
        ['reported_beyond_order', expect.anything()],
        ['spent_differs', 'promotions-2-4'],
        ['released_differs', 'promotions-2-4'],
        ['reported_beyond_order', expect.anything()],
      ],
      (db) => deliveries({}, db),
    );
    await tampered(
      `UPDATE entry SET kind = 'switch_on' WHERE shard = 2 AND journal = 'promotions' AND sequence = 4`,
      [
        ['no_order', 'promotions-2-5'],
        ['no_order', 'promotions-2-6'],
      ],
      (db) => deliveries({ only: 'no_order' }, db),
    );
  });

  it('is of the orders of a period, page by page', async () => {
    const from = await cutAt(pool, { recordedAt: new Date(NOW_MS) }, SHARDS);
    const empty = await deliveries({ from });
    expect(empty).toMatchObject({ sums: [], differences: [] });
    const one = await deliveries({ differencesMax: 1 });
    expect(one.differences).toHaveLength(1);
    expect(one.next).toMatchObject({ shard: 2, sequence: 1n });
    const first = await deliveries({ entriesMax: 100 });
    expect(first.next).toMatchObject({ shard: 3 });
    const rest = await deliveries({ after: first.next });
    expect(first.sums[0]!.promotionOrders + rest.sums[0]!.promotionOrders).toBe(
      2n * BigInt(MERCHANTS),
    );
  });

  it.each(['', '(GENERIC_PLAN)'])(
    'looks into an index for each, whatever is asked for %s',
    async (option) => {
      const zero = Buffer.alloc(16);
      const at = new Date(NOW_MS);
      for (const [text, values, index] of [
        [ACCEPTED_ACTIVITY, [2, zero], 'activity_2024q4_pkey'],
        [EVENTS_NAMED, [2, zero], 'entry_event_pkey'],
        [TAKEN_BY_PROMOTER, [2, [zero]], 'promotion_input_2024q4_pkey'],
        [LIVES_OF_ORDERS, [2, 0, 5_000], 'entry_of_order'],
        [ORPHANS, [2, 0, 5_000], 'entry_pkey'],
        [
          LEDGER_TOTALS,
          [2, 'grants', 0, 5_000, true, true, true],
          'entry_pkey',
        ],
        [PROGRAM_SPENT, [2, 'ladder', 9, 9], 'posting_of_lot'],
        [PROGRAM_BUDGETS, [2, 'ladder', 9], 'entry_of_budget'],
        [
          FLAGGED_MERCHANTS,
          [2, ''],
          'activity_2024q4_shard_merchant_id_kafka_offset_idx',
        ],
        [GRANTS_BEFORE_FLAG, [2, ['m1'], '', at, 0, 5], 'entry_of_merchant'],
      ] as const) {
        const plan = await explain(option, text, values);
        expect(plan).toMatch(new RegExp(`(Index|Bitmap).* ${index}\\b`));
        expect(plan).not.toMatch(/Seq Scan on (entry|posting|activity)/);
      }
    },
  );

  async function deliveries(
    query: Partial<Parameters<typeof reconcileDeliveries>[1]>,
    db: Queryable = pool,
  ) {
    const to = await cutAt(pool, 'now', SHARDS);
    return reconcileDeliveries(db, {
      from: null,
      to,
      differencesMax: 10,
      entriesMax: 100_000,
      ...query,
    });
  }

  /** What differs while something is changed past the triggers. */
  async function tampered(
    statement: string,
    expected: [string, unknown][],
    look: (db: Queryable) => Promise<{
      differences: { difference: string; entryId: string | null }[];
    }> = (db) =>
      reconcileActivity(db, { shards: SHARDS, ...PAGE, differencesMax: 1 }),
  ): Promise<void> {
    const { differences } = await whileTampered(ledger.pool, statement, look);
    expect(
      differences.map(({ difference, entryId: id }) => [difference, id]),
    ).toEqual(expected);
  }

  async function explain(
    option: string,
    text: string,
    values: readonly unknown[],
  ): Promise<string> {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>({
      text: `EXPLAIN ${option} ${text}`,
      values: option ? [] : [...values],
    });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  /** Orders that were paid, for half of which something is granted; of each merchant a promotion order. */
  async function fill(shard: number): Promise<void> {
    await write('grants', shard, 0, [
      {
        kind: 'budget',
        merchantId: null,
        occurredAtMs: NOW_MS,
        postings: move('ANY_IMP', 1_000_000n, 'issuance', 'pool:ladder'),
        cause: {
          type: 'program_published',
          program: 'ladder',
          version: 1,
          programHash: '00',
        },
      },
    ]);
    const drafts = Array.from({ length: EVENTS / 2 }, (_, i): EntryDraft => {
      const draft = grantOf(
        10n,
        merchantOf(2 * i),
        entryId('grants', shard, BigInt(i) + 2n),
      );
      const cause = draft.cause as Extract<
        typeof draft.cause,
        { type: 'goal_reached' }
      >;
      const occurredAtMs = NOW_MS + 2 * i * 1_000;
      return {
        ...draft,
        occurredAtMs,
        cause: { ...cause, events: [paidEvent(shard, 2 * i)] },
      };
    });
    await write('grants', shard, EVENTS, drafts);
    await ledger.pool.query(
      `INSERT INTO activity (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, data)
       SELECT $1::smallint, event_key('orders', 'paid-' || $1::smallint || '-' || i), '', 'm' || i % $3::integer, 'order.paid',
         $4::timestamptz + i * interval '1 second', i, '{"orderId":"o","amountMinor":100,"channel":"shelf"}'
       FROM generate_series(0, $2::integer - 1) AS i`,
      [shard, EVENTS, MERCHANTS, new Date(NOW_MS)],
    );
    await write(
      'promotions',
      shard,
      EVENTS,
      Array.from({ length: MERCHANTS / 2 }, (_, i) => [
        ...promote(shard, 2 * i),
        ...promote(shard, 2 * i, 1),
      ]).flat(),
    );
    await ledger.pool.query(
      `INSERT INTO promotion_input (shard, event_key, content_hash, occurred_at)
       SELECT $1, event_key, '', $2 FROM entry_event WHERE shard = $1 AND journal = 'promotions'`,
      [shard, new Date(NOW_MS)],
    );
  }

  /** An order of 6, of which 4 are reported, but of the very first 54, and the rest is given back. */
  function promote(shard: number, merchant: number, place = 0): EntryDraft[] {
    const merchantId = `m${merchant}`;
    const sequence = BigInt(3 * (merchant + place) + 1);
    const promotionOrderId = entryId('promotions', shard, sequence);
    // The first grant of each.
    const lotId = entryId('grants', shard, BigInt(merchant / 2) + 2n);
    const reported = merchant + place === 0 ? 54 : 4;
    const spent = BigInt(Math.min(reported, 6));
    const fact = { merchantId, occurredAtMs: NOW_MS } as const;
    const event = (what: string): EventReference => ({
      topic: TOPICS.delivery,
      partition: shard,
      offset: '0',
      source: 'urn:ads',
      id: `${promotionOrderId} ${what}`,
    });
    return [
      {
        ...fact,
        kind: 'reserve',
        postings: move('ANY_IMP', 6n, 'available', 'reserved', lotId),
        cause: {
          type: 'promotion_ordered',
          promotionOrderId,
          placement: 'live',
          sessionId: 's1',
          impressions: 6,
          deadline: '2024-11-12T00:00:00.000Z',
          decision: { policy: 'test', spendable: 10 },
        },
      },
      {
        ...fact,
        kind: 'deliver',
        postings: move('ANY_IMP', spent, 'reserved', 'spent:live', lotId),
        cause: {
          type: 'promotion_delivered',
          promotionOrderId,
          reportedImpressions: reported,
          clicks: 1,
          orders: 0,
          gmvMinor: 0,
          event: event('delivered'),
        },
      },
      {
        ...fact,
        kind: 'release',
        postings:
          spent === 6n
            ? []
            : move('ANY_IMP', 6n - spent, 'reserved', 'available', lotId),
        cause: {
          type: 'promotion_closed',
          promotionOrderId,
          reason: 'completed',
          event: event('closed'),
        },
      },
    ];
  }

  async function write(
    journal: Journal,
    shard: number,
    consumed: number,
    drafts: readonly EntryDraft[],
  ): Promise<void> {
    await commitToJournal(ledger.pool, {
      journal,
      shard,
      head: await readJournalHead(ledger.pool, journal, shard),
      consumed: { [TOPICS.activity]: BigInt(consumed) },
      drafts,
      nowMs: NOW_MS,
    });
  }
});

function merchantOf(event: number): string {
  return `m${event % MERCHANTS}`;
}

function paidEvent(shard: number, event: number): EventReference {
  return {
    topic: TOPICS.activity,
    partition: shard,
    offset: String(event),
    source: 'orders',
    id: `paid-${shard}-${event}`,
  };
}
