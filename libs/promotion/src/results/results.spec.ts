import { move } from '@app/ledger';
import { appendToChain, EMPTY_CHAIN, type EntryDraft } from '@app/ledger';
import {
  compareWithBaseline,
  gmvMinorPerUnit,
  type Sales,
} from './baseline.js';
import { groupResults, sumResults } from './group-results.js';
import { takenReports, type PromotionResult } from './promotion-result.js';

const PERIOD = { from: '2024-11-10', to: '2024-11-12' };

function result(
  day: string,
  placement: PromotionResult['placement'],
  targetId: string,
  impressions = 1_000n,
): PromotionResult {
  const brought = { clicks: 10n, orders: 1n, gmvMinor: 9_999n };
  return { day, placement, targetId, impressions, ...brought };
}

function delivered(
  at: string,
  impressions: bigint,
  promotionOrderId = 'promotions-0-2',
): EntryDraft {
  return {
    kind: 'deliver',
    merchantId: 'm1',
    occurredAtMs: Date.parse(at),
    postings:
      impressions > 0n
        ? move('ANY_IMP', impressions, 'reserved', 'spent:live', 'a')
        : [],
    cause: {
      type: 'promotion_delivered',
      promotionOrderId,
      reportedImpressions: 500,
      clicks: 3,
      orders: 1,
      gmvMinor: 990,
      event: { topic: 't', partition: 0, offset: '1', source: 's', id: 'i' },
    },
  };
}

describe('reports that were taken', () => {
  it('count what was spent, by order and day in Shanghai', () => {
    const { entries } = appendToChain(
      'promotions',
      0,
      EMPTY_CHAIN,
      [
        delivered('2024-11-11T15:59:00Z', 400n),
        delivered('2024-11-11T15:59:59Z', 100n),
        delivered('2024-11-11T16:00:00Z', 0n),
        delivered('2024-11-11T16:00:00Z', 7n, 'promotions-0-3'),
      ],
      0,
    );
    const one = { clicks: 3n, orders: 1n, gmvMinor: 990n, merchantId: 'm1' };
    expect(takenReports(entries)).toEqual([
      {
        merchantId: 'm1',
        day: '2024-11-11',
        promotionOrderId: 'promotions-0-2',
        impressions: 500n,
        clicks: 6n,
        orders: 2n,
        gmvMinor: 1_980n,
      },
      {
        ...one,
        day: '2024-11-12',
        promotionOrderId: 'promotions-0-2',
        impressions: 0n,
      },
      {
        ...one,
        day: '2024-11-12',
        promotionOrderId: 'promotions-0-3',
        impressions: 7n,
      },
    ]);
  });
});

describe('results', () => {
  const results = [
    result('2024-11-11', 'live', 's1'),
    result('2024-11-10', 'live', 's1', 500n),
    result('2024-11-11', 'short_video', 'v1', 2_000n),
  ];

  it('are told by day, placement or target, with what a thousand impressions brought', () => {
    expect(groupResults(results, 'day')).toMatchObject([
      { day: '2024-11-10', impressions: 500n, gmvMinorPerThousand: 19_998n },
      { day: '2024-11-11', impressions: 3_000n, gmvMinorPerThousand: 6_666n },
    ]);
    expect(groupResults(results, 'placement')).toMatchObject([
      { placement: 'short_video', impressions: 2_000n },
      { placement: 'live', impressions: 1_500n, orders: 2n },
    ]);
    expect(groupResults(results, 'target')).toMatchObject([
      { placement: 'short_video', targetId: 'v1' },
      { placement: 'live', targetId: 's1', clicks: 20n },
    ]);
    expect(sumResults(results)).toEqual({
      impressions: 3_500n,
      clicks: 30n,
      orders: 3n,
      gmvMinor: 29_997n,
      gmvMinorPerThousand: 8_570n,
    });
  });

  it('have no GMV per thousand where nothing was spent', () => {
    expect(sumResults([]).gmvMinorPerThousand).toBeNull();
  });
});

describe("a merchant's own baseline", () => {
  const noon = (day: string) => Date.parse(`${day}T04:00:00Z`);
  const sold = (
    day: string,
    placement: 'live' | 'short_video',
    targetId: string,
    gmvMinor: bigint,
  ) => ({ day, placement, targetId, orders: 1n, gmvMinor });

  it('is what their streams sold an hour that were not promoted', () => {
    const sales: Sales = {
      sessions: [
        { sessionId: 's1', durationSeconds: 1_800 },
        { sessionId: 's2', durationSeconds: 7_200 },
        { sessionId: 's3', durationSeconds: 3_600 },
      ],
      videos: [],
      sold: [
        sold('2024-11-10', 'live', 's1', 5_000n),
        sold('2024-11-11', 'live', 's1', 1_000n),
        sold('2024-11-11', 'live', 's2', 6_000n),
        // It did not end in the period.
        sold('2024-11-12', 'live', 's4', 9_000n),
      ],
    };
    // Reported on, but nothing of it was spent.
    const idle = result('2024-11-11', 'live', 's3', 0n);
    const [live] = compareWithBaseline(
      sales,
      [result('2024-11-09', 'live', 's1'), idle],
      PERIOD,
    );
    expect(live).toEqual({
      placement: 'live',
      promoted: { time: 1_800n, orders: 2n, gmvMinor: 6_000n },
      unpromoted: { time: 10_800n, orders: 1n, gmvMinor: 6_000n },
    });
    expect(gmvMinorPerUnit('live', live!.promoted)).toBe(12_000n);
    expect(gmvMinorPerUnit('live', live!.unpromoted)).toBe(2_000n);
  });

  it('is what their videos sold on a new day that they were not promoted on', () => {
    const sales: Sales = {
      sessions: [],
      videos: [
        // New until the 10th.
        { videoId: 'v1', publishedAtMs: noon('2024-11-04') },
        { videoId: 'v2', publishedAtMs: noon('2024-11-11') },
      ],
      sold: [
        sold('2024-11-10', 'short_video', 'v1', 300n),
        sold('2024-11-11', 'short_video', 'v1', 7_000n),
        sold('2024-11-11', 'short_video', 'v2', 900n),
        sold('2024-11-12', 'live', 'v2', 5n),
      ],
    };
    const [, video] = compareWithBaseline(
      sales,
      [result('2024-11-11', 'short_video', 'v2')],
      PERIOD,
    );
    expect(video).toEqual({
      placement: 'short_video',
      promoted: { time: 1n, orders: 1n, gmvMinor: 900n },
      unpromoted: { time: 2n, orders: 1n, gmvMinor: 300n },
    });
    expect(gmvMinorPerUnit('short_video', video!.unpromoted)).toBe(150n);
  });

  it('is not known where there was no time without promotion', () => {
    const none = { sessions: [], videos: [], sold: [] };
    for (const { placement, unpromoted } of compareWithBaseline(
      none,
      [],
      PERIOD,
    ))
      expect(gmvMinorPerUnit(placement, unpromoted)).toBeNull();
  });
});
