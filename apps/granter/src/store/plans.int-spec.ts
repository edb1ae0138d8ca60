import { inject } from 'vitest';
import type { Queryable } from '@app/ledger/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../../libs/ledger/test/journal.js';
import { readFacts } from './facts.js';
import { readFunds } from './funds.js';
import { readDueRows, readDueShards, readProgress } from './progress.js';
import { readSubjects } from './subjects.js';

const SHARD = 3;
const MERCHANTS = 2_000;
const EACH = 10;

const NEEDED = ['m7', 'm1999'];

/** What the granter reads for every batch, and the index that each is to look into. */
const READS: [
  name: string,
  index: RegExp,
  read: (db: Queryable) => Promise<unknown>,
][] = [
  [
    'orders, sessions, videos and products',
    /activity_\w*shard_merchant_id_about\w*/,
    (db) =>
      readSubjects(
        db,
        SHARD,
        NEEDED.map((merchantId) => ({ merchantId, about: 'order:o3' })),
        new Map(),
      ),
  ],
  ['facts', /merchant_facts_pkey/, (db) => readFacts(db, SHARD, NEEDED)],
  [
    'rows of progress',
    /progress_pkey/,
    (db) =>
      readProgress(db, SHARD, {
        rows: NEEDED.map((merchantId) => ({
          merchantId,
          program: 'p1',
          period: 'week:1',
        })),
        merchants: new Set(),
      }),
  ],
  [
    'all progress of merchants',
    /progress_pkey/,
    (db) => readProgress(db, SHARD, { rows: [], merchants: new Set(NEEDED) }),
  ],
  [
    'rows that are due',
    /progress_due/,
    (db) =>
      readDueRows(db, SHARD, Date.parse('2026-01-01'), {
        limit: 500,
        except: new Set(['paused']),
      }),
  ],
  [
    'shards with rows that are due',
    /progress_due/,
    (db) =>
      readDueShards(db, [1, 2, SHARD], Date.parse('2026-01-01'), new Set()),
  ],
  [
    'what merchants owe',
    /merchant_balance_pkey/,
    (db) => readFunds(db, SHARD, NEEDED),
  ],
];

describe('reading the state of a batch', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await ledger.pool.query(FILL);
  });
  afterAll(() => ledger.close());

  describe.each(['without statistics', 'with statistics'])('%s', (how) => {
    beforeAll(async () => {
      if (how === 'with statistics') await ledger.pool.query('ANALYZE');
    });

    it.each(READS)('looks into an index for %s', async (_, index, read) => {
      const plans = await plansOf(read);
      expect(plans).toMatch(
        new RegExp(`(Index|Bitmap)[^\\n]* (on|using) ${index.source}`),
      );
      expect(plans).not.toMatch(
        /Seq Scan on (activity|progress|merchant_facts|merchant_balance)/,
      );
    });
  });

  /** Of all statements that a read sends: for these values, and for whatever values. */
  async function plansOf(
    read: (db: Queryable) => Promise<unknown>,
  ): Promise<string> {
    const plans: string[] = [];
    const query = async ({
      text,
      values,
    }: {
      text: string;
      values: unknown[];
    }) => {
      for (const asked of [
        { text: `EXPLAIN ${text}`, values },
        `EXPLAIN (GENERIC_PLAN) ${text}`,
      ]) {
        const { rows } = await ledger.pool.query<{ 'QUERY PLAN': string }>(
          asked,
        );
        plans.push(...rows.map((row) => row['QUERY PLAN']));
      }
      return ledger.pool.query({ text, values });
    };
    await read({ query } as unknown as Queryable);
    return plans.join('\n');
  }
});

/** Three quarters of activity, progress of which every tenth row is due, and a merchant who owes. */
const FILL = `
  SELECT ensure_quarter('activity', at::timestamptz) FROM (VALUES ('2025-10-01'), ('2026-02-01'), ('2026-05-01')) AS quarters (at);
  INSERT INTO activity (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, about, data)
    SELECT ${SHARD}, sha256(convert_to(m || '-' || i, 'UTF8')), '', 'm' || m, 'order.paid',
      '2025-11-01'::timestamptz + (i % 3) * interval '90 days', m * ${EACH} + i, 'order:o' || i, '{"amountMinor":1}'
    FROM generate_series(1, ${MERCHANTS}) AS m, generate_series(1, ${EACH}) AS i;
  INSERT INTO merchant_facts SELECT ${SHARD}, 'm' || m, '{"v":1}' FROM generate_series(1, ${MERCHANTS}) AS m;
  INSERT INTO progress (shard, merchant_id, program, period, progress, due_at)
    SELECT ${SHARD}, 'm' || m, 'p' || i, 'week:1', '{"v":2,"goals":{}}',
      CASE WHEN i = 1 THEN '2025-01-01'::timestamptz + m * interval '1 day' END
    FROM generate_series(1, ${MERCHANTS}) AS m, generate_series(1, ${EACH}) AS i;
  INSERT INTO merchant_balance (shard, journal, merchant_id, account, unit, amount)
    SELECT ${SHARD}, 'promotions', 'm' || m, account, 'ANY_IMP',
      CASE account WHEN 'owed' THEN -1 ELSE 1 END
    FROM generate_series(1, ${MERCHANTS}) AS m, unnest(ARRAY ['available', 'owed', 'reserved']) AS account;
  INSERT INTO shard_balance (shard, journal, account, unit, amount) VALUES (${SHARD}, 'promotions', 'owed', 'ANY_IMP', -${MERCHANTS});
`;
