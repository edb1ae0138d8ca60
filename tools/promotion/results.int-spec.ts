import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf, type ActivityData, type ActivityType } from '@app/contracts';
import {
  createLedger,
  type TestLedger,
} from '../../libs/ledger/test/journal.js';
import { rewardMerchants } from '../../libs/ledger/test/rewarded-merchants.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);
const SHARD = shardOf('m1', 64);

describe('npm run promotion -- results', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    // 400 impressions in session-1, which brought an order of 99.00 yuan.
    await rewardMerchants(ledger.pool, SHARD, 1);
    await ledger.pool.query(
      `SELECT ensure_quarter('activity', '2024-11-11T00:00:00Z')`,
    );
    await tell('live.ended', {
      sessionId: 'session-1',
      durationSeconds: 1_800,
    });
    await tell('live.ended', { sessionId: 's2', durationSeconds: 3_600 });
    await tell('video.published', { videoId: 'v1', shoppable: true });
    for (const [orderId, amountMinor, sessionId] of [
      ['o1', 20_000, 'session-1'],
      ['o2', 5_000, 's2'],
      ['o3', 3_000, 's2'],
    ] as const)
      await tell('order.paid', {
        orderId,
        amountMinor,
        channel: 'live',
        sessionId,
      });
    await tell('order.paid', {
      orderId: 'o4',
      amountMinor: 1,
      channel: 'shelf',
    });
  });
  afterAll(() => ledger.close());

  it('prints it in Chinese, by target', async () => {
    expect(await run('--by', 'target', '--language', 'zh')).toBe(
      `m1，2024年11月11日至2024年11月12日（Asia/Shanghai）

场域  场次或视频  曝光  点击  订单   成交额  千次曝光成交额
直播  session-1    400    12     1  99.00元        247.50元
合计               400    12     1  99.00元        247.50元

全部支付订单             推广    成交额   未推广   成交额     差异
直播，每小时          0.5小时  400.00元  1.0小时  80.00元  +400.0%
短视频，新发布期每天      0天         –      2天   0.00元        –
`,
    );
  });

  it('prints JSON', async () => {
    expect(JSON.parse(await run('--json', '--by', 'placement'))).toEqual({
      merchantId: 'm1',
      period: { from: '2024-11-11', to: '2024-11-12' },
      by: 'placement',
      results: [
        {
          placement: 'live',
          impressions: 400,
          clicks: 12,
          orders: 1,
          gmvMinor: 9_900,
          gmvMinorPerThousand: 24_750,
        },
      ],
      total: {
        impressions: 400,
        clicks: 12,
        orders: 1,
        gmvMinor: 9_900,
        gmvMinorPerThousand: 24_750,
      },
      comparisons: [
        {
          placement: 'live',
          promoted: {
            seconds: 1_800,
            orders: 1,
            gmvMinor: 20_000,
            gmvMinorPerHour: 40_000,
          },
          unpromoted: {
            seconds: 3_600,
            orders: 2,
            gmvMinor: 8_000,
            gmvMinorPerHour: 8_000,
          },
        },
        {
          placement: 'short_video',
          promoted: { days: 0, orders: 0, gmvMinor: 0, gmvMinorPerDay: null },
          unpromoted: { days: 2, orders: 0, gmvMinor: 0, gmvMinorPerDay: 0 },
        },
      ],
    });
  });

  let told = 0;

  async function tell<T extends ActivityType>(
    type: T,
    data: ActivityData<T>,
  ): Promise<void> {
    told += 1;
    await ledger.pool.query(
      `INSERT INTO activity (shard, event_key, content_hash, merchant_id, type, occurred_at, kafka_offset, about, data)
       VALUES ($1, $2, '', 'm1', $3, '2024-11-11T02:00:00Z', $4, $5, $6)`,
      [
        SHARD,
        Buffer.from([told]),
        type,
        told,
        'orderId' in data ? `order:${data.orderId}` : '',
        JSON.stringify(data),
      ],
    );
  }

  async function run(...args: string[]): Promise<string> {
    const { stdout } = await execute(
      process.execPath,
      [
        join(ROOT, 'tools/run.mjs'),
        'promotion',
        'results',
        '--merchant',
        'm1',
        '--from',
        '2024-11-11',
        '--to',
        '2024-11-12',
        ...args,
      ],
      { env: { ...process.env, DATABASE_URL: ledger.url, LANG: 'C' } },
    );
    return stdout;
  }
});
