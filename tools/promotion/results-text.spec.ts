import type { Comparison, PromotionResult } from '@app/promotion';
import { resultsText, type Report } from './results-text.js';

const result: PromotionResult = {
  day: '2024-11-11',
  placement: 'live',
  targetId: 's1',
  impressions: 4_000n,
  clicks: 12n,
  orders: 1n,
  gmvMinor: 9_900n,
};
const none = { time: 0n, orders: 0n, gmvMinor: 0n };
const comparisons: Comparison[] = [
  {
    placement: 'live',
    promoted: { time: 1_800n, orders: 1n, gmvMinor: 20_000n },
    unpromoted: { time: 3_600n, orders: 2n, gmvMinor: 80_000n },
  },
  {
    placement: 'short_video',
    promoted: { time: 3n, orders: 1n, gmvMinor: 9_000n },
    unpromoted: none,
  },
];
const report: Report = {
  merchantId: 'm1',
  period: { from: '2024-11-11', to: '2024-11-12' },
  by: 'day',
  results: [result],
  comparisons,
};

describe('results for people', () => {
  it('are a line for each and a total, and a comparison with what was not promoted', () => {
    expect(resultsText(report, 'en')).toBe(
      `m1, 11 November 2024 to 12 November 2024 (Asia/Shanghai)

day         impressions  clicks  orders         GMV  GMV per thousand
2024-11-11        4,000      12       1  99.00 yuan        24.75 yuan
total             4,000      12       1  99.00 yuan        24.75 yuan

all that was paid for   promoted          GMV  not promoted          GMV  difference
live, by the hour          0.5 h  400.00 yuan         1.0 h  800.00 yuan      -50.0%
video, by its new days    3 days   30.00 yuan        0 days            –           –
`,
    );
  });

  it.each([
    [
      'en',
      'm1 had no delivery report from 11 November 2024 to 12 November 2024 (Asia/Shanghai): nothing was spent.\n',
    ],
    [
      'zh',
      'm1在2024年11月11日至2024年11月12日（Asia/Shanghai）没有投放回执，未消耗任何流量。\n',
    ],
  ] as const)('say so where there are none: %s', (language, text) => {
    expect(resultsText({ ...report, results: [] }, language)).toBe(text);
  });
});
