import type { Placement } from '@app/contracts';
import { dateText, yuanText, type Language } from '@app/ledger';
import {
  gmvMinorPerUnit,
  sumResults,
  groupResults,
  type Comparison,
  type Grouping,
  type Pace,
  type Period,
  type PromotionResult,
  type ResultGroup,
} from '@app/promotion';
import { amountText, table } from '../ledger/ask/output.js';

export interface Report {
  merchantId: string;
  period: Period;
  by: Grouping;
  results: readonly PromotionResult[];
  comparisons: readonly Comparison[];
}

const WORDS = {
  en: {
    grouping: {
      day: ['day'],
      placement: ['placement'],
      target: ['placement', 'session or video'],
    },
    outcome: ['impressions', 'clicks', 'orders', 'GMV', 'GMV per thousand'],
    total: 'total',
    placement: { live: 'live', short_video: 'short video' },
    comparison: [
      'all that was paid for',
      'promoted',
      'GMV',
      'not promoted',
      'GMV',
      'difference',
    ],
    pace: { live: 'live, by the hour', short_video: 'video, by its new days' },
    time: { live: ' h', short_video: ' days' },
  },
  zh: {
    grouping: {
      day: ['日期'],
      placement: ['场域'],
      target: ['场域', '场次或视频'],
    },
    outcome: ['曝光', '点击', '订单', '成交额', '千次曝光成交额'],
    total: '合计',
    placement: { live: '直播', short_video: '短视频' },
    comparison: ['全部支付订单', '推广', '成交额', '未推广', '成交额', '差异'],
    pace: { live: '直播，每小时', short_video: '短视频，新发布期每天' },
    time: { live: '小时', short_video: '天' },
  },
} as const;

/** What came of a merchant's promotion, for people. */
export function resultsText(report: Report, language: Language): string {
  const { merchantId, period, results } = report;
  const days = {
    from: dateText(period.from)[language],
    to: dateText(period.to)[language],
  };
  if (results.length === 0)
    return language === 'zh'
      ? `${merchantId}在${days.from}至${days.to}（Asia/Shanghai）没有投放回执，未消耗任何流量。\n`
      : `${merchantId} had no delivery report from ${days.from} to ${days.to} (Asia/Shanghai): nothing was spent.\n`;
  const heading =
    language === 'zh'
      ? `${merchantId}，${days.from}至${days.to}（Asia/Shanghai）`
      : `${merchantId}, ${days.from} to ${days.to} (Asia/Shanghai)`;
  return [
    `${heading}\n`,
    outcomeTable(report, language),
    comparisonTable(report.comparisons, language),
  ].join('\n');
}

function outcomeTable({ results, by }: Report, language: Language): string {
  const words = WORDS[language];
  const names = words.grouping[by];
  const empty = names.slice(1).map(() => '');
  return table(
    [
      [...names, ...words.outcome],
      ...groupResults(results, by).map((group) => [
        ...namesOf(group, language),
        ...outcomeCells(group, language),
      ]),
      [words.total, ...empty, ...outcomeCells(sumResults(results), language)],
    ],
    words.outcome.map((_, i) => names.length + i),
  );
}

function namesOf(
  { day, placement, targetId }: ResultGroup,
  language: Language,
): string[] {
  return [
    day,
    placement && WORDS[language].placement[placement],
    targetId,
  ].filter((name) => name !== undefined);
}

function outcomeCells(group: ResultGroup, language: Language): string[] {
  const { impressions, clicks, orders, gmvMinor } = group;
  return [
    ...[impressions, clicks, orders].map(amountText),
    yuanText(gmvMinor)[language],
    yuanOrNone(group.gmvMinorPerThousand, language),
  ];
}

function comparisonTable(
  comparisons: readonly Comparison[],
  language: Language,
): string {
  const words = WORDS[language];
  return table(
    [
      [...words.comparison],
      ...comparisons.map(({ placement, promoted, unpromoted }) => {
        const [ours, baseline] = [promoted, unpromoted].map((pace) =>
          gmvMinorPerUnit(placement, pace),
        ) as [bigint | null, bigint | null];
        return [
          words.pace[placement],
          timeText(placement, promoted, language),
          yuanOrNone(ours, language),
          timeText(placement, unpromoted, language),
          yuanOrNone(baseline, language),
          differenceText(ours, baseline),
        ];
      }),
    ],
    [1, 2, 3, 4, 5],
  );
}

function timeText(
  placement: Placement,
  { time }: Pace,
  language: Language,
): string {
  const unit = WORDS[language].time[placement];
  const hours = (Number(time) / 3_600).toFixed(1);
  return `${placement === 'live' ? hours : time}${unit}`;
}

/** How much more, in percent; nothing where one of the two is not known. */
function differenceText(ours: bigint | null, baseline: bigint | null): string {
  if (ours === null || baseline === null || baseline === 0n) return '–';
  const percent = ((ours - baseline) * 1_000n) / baseline;
  return `${percent > 0n ? '+' : ''}${(Number(percent) / 10).toFixed(1)}%`;
}

function yuanOrNone(gmvMinor: bigint | null, language: Language): string {
  return gmvMinor === null ? '–' : yuanText(gmvMinor)[language];
}
