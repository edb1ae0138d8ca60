import type { Language } from '@app/ledger';
import type { Forecast, Remedy } from '@app/promotion';
import { amountText, table } from '../ledger/ask/output.js';

const WORDS = {
  en: {
    columns: ['expires on', 'unit', 'left now', 'will expire unused'],
    unit: {
      LIVE_IMP: 'live',
      VIDEO_IMP: 'short video',
      ANY_IMP: 'live or short video',
    },
    none: (id: string) => `${id} has no traffic that could expire.\n`,
    heading: (id: string, isOn: boolean) =>
      `${id}, the switch is ${isOn ? 'on' : 'off'} (days of Asia/Shanghai)\n`,
    allUsed: 'All of it is expected to be used.',
    remedies: 'What would use it, each on top of those above:',
    switch_on: (n: string) => `- turning the switch on: ${n}`,
    allow_placements: (n: string) => `- allowing all placements: ${n}`,
    lift_daily_cap: (n: string) => `- lifting the daily cap: ${n}`,
    show_more: (n: string, unit: string, day: string, hours: string) =>
      `- ${hours} more by ${day}: ${n} (${unit})`,
    hours: {
      live: (h: string) => `${h} h of streaming`,
      short_video: (h: string) => `${h} h of videos`,
    },
    or: ' or ',
  },
  zh: {
    columns: ['过期日', '单位', '现有', '预计过期未用'],
    unit: {
      LIVE_IMP: '直播曝光',
      VIDEO_IMP: '短视频曝光',
      ANY_IMP: '通用曝光',
    },
    none: (id: string) => `${id}没有会过期的流量。\n`,
    heading: (id: string, isOn: boolean) =>
      `${id}，一站式推广开关已${isOn ? '开启' : '关闭'}（日期按Asia/Shanghai）\n`,
    allUsed: '预计全部用完。',
    remedies: '以下做法可以用掉，每项在前项基础上：',
    switch_on: (n: string) => `- 开启开关：${n}`,
    allow_placements: (n: string) => `- 放开全部场域：${n}`,
    lift_daily_cap: (n: string) => `- 取消每日上限：${n}`,
    show_more: (n: string, unit: string, day: string, hours: string) =>
      `- ${day}前多${hours}：${n}（${unit}）`,
    hours: {
      live: (h: string) => `直播${h}小时`,
      short_video: (h: string) => `投放短视频${h}小时`,
    },
    or: '，或',
  },
} as const;

/** What will expire, for people. */
export function forecastText(
  merchantId: string,
  { enabled, days, remedies }: Forecast,
  language: Language,
): string {
  const words = WORDS[language];
  if (days.length === 0) return words.none(merchantId);
  return [
    words.heading(merchantId, enabled),
    table(
      [
        [...words.columns],
        ...days.map(({ day, unit, left, expiring }) => [
          day,
          words.unit[unit],
          countText(left),
          countText(expiring),
        ]),
      ],
      [2, 3],
    ),
    ...(remedies.length === 0
      ? [words.allUsed]
      : [
          words.remedies,
          ...remedies.map((remedy) => remedyText(remedy, language)),
        ]),
    '',
  ].join('\n');
}

function remedyText(remedy: Remedy, language: Language): string {
  const words = WORDS[language];
  const uses = countText(remedy.uses);
  if (remedy.kind !== 'show_more') return words[remedy.kind](uses);
  const { live, short_video: video } = remedy.hours;
  const hours = [
    ...(live === null ? [] : [words.hours.live(countText(live))]),
    ...(video === null ? [] : [words.hours.short_video(countText(video))]),
  ].join(words.or);
  return words.show_more(uses, words.unit[remedy.unit], remedy.day, hours);
}

function countText(count: number): string {
  return amountText(BigInt(count));
}
