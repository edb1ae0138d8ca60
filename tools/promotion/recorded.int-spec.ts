import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { saveMerchants } from '@app/promotion/postgres';
import {
  commit,
  createLedger,
  type TestLedger,
} from '../../libs/ledger/test/journal.js';
import {
  closed,
  delivered,
  ended,
  granted,
  minute,
  registered,
  started,
  switchedOn,
  timePasses,
} from '../../libs/promotion/test/inputs.js';
import { PromoterInMemory } from '../../libs/promotion/test/promoter-in-memory.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);
const A_DAY = 24 * 60;
const SHARD = 0;
const MERCHANT = Array.from({ length: 1_000 }, (_, i) => `m${i}`).find(
  (id) => shardOf(id, 64) === SHARD,
)!;

describe('npm run promotion, of what was recorded', () => {
  let ledger: TestLedger;

  // A stream that took 2,000, less than was ordered; a lot that expired the day after; and one that expires in two days.
  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    const inTwoDays = Math.ceil((Date.now() - minute(0)) / 60_000) + 2 * A_DAY;
    const grants = [
      { lotId: 'any', unit: 'ANY_IMP', amount: 20_000, expires: inTwoDays },
      { lotId: 'video', unit: 'VIDEO_IMP', amount: 1_000, expires: A_DAY },
    ] as const;
    const entries = grants.map((grant, i) =>
      granted({ ...grant, at: 0, sequence: i + 1 }, MERCHANT),
    );
    const p = new PromoterInMemory();
    p.take(registered('food', 0, MERCHANT), ...entries);
    p.take(switchedOn(1, MERCHANT), started('s1', 2, MERCHANT));
    p.take(
      delivered(p.lastOrder(), 2_000, 20, MERCHANT),
      closed(p.lastOrder(), 'completed', 21, MERCHANT),
      ended('s1', 22, MERCHANT),
      timePasses(A_DAY + 1, MERCHANT),
    );
    await commit(
      ledger.pool,
      { journal: 'grants', shard: SHARD },
      entries.map(({ entry }) => entry),
    );
    await commit(
      ledger.pool,
      { journal: 'promotions', shard: SHARD },
      p.drafts,
      undefined,
      () => saveMerchants(SHARD, p.merchants),
    );
  });
  afterAll(() => ledger.close());

  it('forecasts what will expire, and what would use it', async () => {
    const { days, remedies, ...rest } = JSON.parse(
      await run('forecast', '--merchant', MERCHANT, '--json'),
    ) as {
      days: { unit: string; left: number; expiring: number }[];
      remedies: { uses: number; hours: Record<string, number> }[];
    };
    expect(rest).toMatchObject({ merchantId: MERCHANT, enabled: true });
    expect(days).toMatchObject([{ unit: 'ANY_IMP', left: 18_000 }]);
    // Of a stream of two years ago little is expected.
    expect(days[0]!.expiring).toBeGreaterThan(10_000);
    expect(days[0]!.expiring).toBeLessThanOrEqual(18_000);
    expect(remedies).toMatchObject([
      { kind: 'show_more', uses: days[0]!.expiring },
    ]);
  });

  const period = ['--from', '2024-11-11', '--to', '2024-11-12'];

  it('compares a changed policy with the running one and what happened, of all merchants', async () => {
    const limits = '{"placements":["short_video"]}';
    const args = ['what-if', ...period, '--limits', limits];
    const { running, ...report } = JSON.parse(await run(...args, '--json')) as {
      running: { spent: { live: number }; left: number };
    };
    expect(report).toEqual({
      period: { from: '2024-11-11', to: '2024-11-12' },
      policy: null,
      limits: { placements: ['short_video'] },
      merchants: 1,
      lots: 2,
      slots: 1,
      spendable: 21_000,
      ordersWithoutRoom: 0,
      happened: {
        spent: { live: 2_000, short_video: 0 },
        gmvMinor: 990,
        expired: 1_000,
        left: 18_000,
      },
      changed: {
        spent: { live: 0, short_video: 0 },
        gmvMinor: 0,
        expired: 1_000,
        left: 20_000,
      },
    });
    expect(running.spent.live).toBeGreaterThan(0);
    expect(running.spent.live).toBeLessThanOrEqual(2_000);
    expect(running.left).toBe(20_000 - running.spent.live);
  });

  it('compares it for a merchant, by name, and writes nothing', async () => {
    const count = async () => {
      const { rows } = await ledger.pool.query<{ count: bigint }>(
        'SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM promotion_learnt) AS count',
      );
      return rows[0]!.count;
    };
    const before = await count();
    const text = await run(
      'what-if',
      '--merchant',
      MERCHANT,
      '--policy',
      'evenSplit',
      ...period,
    );
    expect(text).toContain(
      'merchants 1, lots 2 with impressions 21,000, slots 1',
    );
    expect(text).toMatch(/what happened +2,000 +0 +9\.90 yuan/);
    expect(text).toMatch(/\nevenSplit /);
    expect(await count()).toBe(before);
  });

  it('names what is wrong with what is to be changed', async () => {
    await expect(
      run('what-if', '--limits', '{"dailyCapImpressions":0}'),
    ).rejects.toThrow('dailyCapImpressions');
  });

  async function run(...args: string[]): Promise<string> {
    const { stdout } = await execute(
      process.execPath,
      [join(ROOT, 'tools/run.mjs'), 'promotion', ...args],
      { env: { ...process.env, DATABASE_URL: ledger.url, LANG: 'C' } },
    );
    return stdout;
  }
});
