import type { AutoPromotionLimits } from '@app/contracts';
import { dateText, yuanText, type Language } from '@app/ledger';
import type { Period } from '@app/promotion';
import { amountText, table } from '../ledger/ask/output.js';
import type { Outcome } from '../spending/recorded-merchant.js';
import type { Comparison } from '../spending/what-if.js';

export interface WhatIf extends Comparison {
  period: Period;
  /** By name; null for the running one. */
  policy: string | null;
  /** Null for those that merchants had. */
  limits: AutoPromotionLimits | null;
}

const WORDS = {
  en: {
    columns: ['', 'live', 'short video', 'GMV', 'expired unused', 'left'],
    happened: 'what happened',
    running: 'the running policy',
    same: 'the same',
    limits: ' under the limits',
    estimated:
      'GMV of a policy is expected: what was not delivered is taken to earn at the mean rate of its target.',
    none: (days: string) => `No promotion order was recorded ${days}.\n`,
    days: (from: string, to: string) => `from ${from} to ${to} (Asia/Shanghai)`,
    heading: (days: string, n: Record<Counts, string>) =>
      `What was recorded ${days}: merchants ${n.merchants}, lots ${n.lots} with impressions ${n.spendable}, slots ${n.slots}; orders left out, their room not known: ${n.ordersWithoutRoom}\n`,
  },
  zh: {
    columns: ['', '直播', '短视频', '成交额', '过期未用', '剩余'],
    happened: '实际',
    running: '现行策略',
    same: '同一策略',
    limits: '，按所给限制',
    estimated:
      '策略的成交额为预期值：未投放的曝光按其场次或视频的平均水平估算。',
    none: (days: string) => `${days}没有推广单记录。\n`,
    days: (from: string, to: string) => `${from}至${to}（Asia/Shanghai）`,
    heading: (days: string, n: Record<Counts, string>) =>
      `${days}的记录：${n.merchants}个商家，${n.lots}个券批次共${n.spendable}次曝光，${n.slots}个时段；另有${n.ordersWithoutRoom}个推广单容量未知，未计入\n`,
  },
} as const;

type Counts =
  'merchants' | 'lots' | 'slots' | 'spendable' | 'ordersWithoutRoom';

/** How policies compare over what was recorded, for people. */
export function whatIfText(report: WhatIf, language: Language): string {
  const words = WORDS[language];
  const { period, happened, running, changed } = report;
  const days = words.days(
    dateText(period.from)[language],
    dateText(period.to)[language],
  );
  if (report.slots === 0 && report.ordersWithoutRoom === 0)
    return words.none(days);
  const changedName = `${report.policy ?? words.same}${report.limits ? words.limits : ''}`;
  return [
    words.heading(days, {
      merchants: countText(report.merchants),
      lots: countText(report.lots),
      slots: countText(report.slots),
      spendable: countText(report.spendable),
      ordersWithoutRoom: countText(report.ordersWithoutRoom),
    }),
    table(
      [
        [...words.columns],
        [words.happened, ...cells(happened, language)],
        [words.running, ...cells(running, language)],
        [changedName, ...cells(changed, language)],
      ],
      [1, 2, 3, 4, 5],
    ),
    `${words.estimated}\n`,
  ].join('\n');
}

function cells(
  { spent, gmvMinor, expired, left }: Outcome,
  language: Language,
): string[] {
  return [
    countText(spent.live),
    countText(spent.short_video),
    yuanText(BigInt(gmvMinor))[language],
    countText(expired),
    countText(left),
  ];
}

function countText(count: number): string {
  return amountText(BigInt(count));
}
