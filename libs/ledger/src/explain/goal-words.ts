import type { GoalCause, JsonInteger } from '../cause.js';
import { countText, numberText, yuanText } from './amounts.js';
import { asIs, enumerated, type Bilingual } from './bilingual.js';
import { dateText } from './times.js';

interface MetricWords {
  isMoney?: true;
  /** Of what happens once to a merchant: its number says nothing. */
  isOnce?: true;
  /** A value of the metric, by its name: "12 orders". */
  value: (value: bigint) => Bilingual;
  /** The number alone, in Chinese with its measure word. */
  number: (value: bigint) => Bilingual;
}

const NOTHING: Bilingual = asIs('');

/** What metrics are called. A metric is known here by its name alone: programs are above the ledger. */
const METRICS: Readonly<Record<string, MetricWords>> = {
  orders: counted('订单', '单', ['order', 'orders']),
  gmvMinor: money('成交额', 'of sales'),
  returns: counted('退货', '单', ['return', 'returns']),
  liveSeconds: {
    value: (value) => ({
      zh: `直播时长${durationText(value).zh}`,
      en: `${durationText(value).en} on air`,
    }),
    number: durationText,
  },
  liveDays: counted('直播天数', '天', ['day on air', 'days on air']),
  liveDayStreak: counted('连续直播', '天', [
    'day on air in a row',
    'days on air in a row',
  ]),
  followers: counted('新增粉丝', '人', ['new follower', 'new followers']),
  shoppableVideos: counted('发布带货短视频', '条', [
    'shoppable video published',
    'shoppable videos published',
  ]),
  clips: counted('发布直播切片', '条', ['clip published', 'clips published']),
  productsListed: counted('上架商品', '款', [
    'product listed',
    'products listed',
  ]),
  adsSpentMinor: money('自有投放消耗', 'spent on ads'),
  firstStream: once('首次开播', 'first stream'),
  firstSale: once('首笔成交', 'first sale'),
};

export function metricWords(metric: string): MetricWords {
  return Object.hasOwn(METRICS, metric)
    ? METRICS[metric]!
    : counted(metric, '', [metric, metric]);
}

function counted(
  zh: string,
  measure: string,
  en: readonly [one: string, many: string],
): MetricWords {
  const number = (value: bigint) => `${numberText(value)}${measure}`;
  return {
    value: (value) => ({
      zh: `${zh}${number(value)}`,
      en: countText(value, en),
    }),
    number: (value) => ({ zh: number(value), en: countText(value, en) }),
  };
}

function money(zh: string, en: string): MetricWords {
  return {
    isMoney: true,
    value: (value) => {
      const yuan = yuanText(value);
      return { zh: `${zh}${yuan.zh}`, en: `${yuan.en} ${en}` };
    },
    number: (value) => {
      const yuan = yuanText(value);
      return { zh: yuan.zh, en: `${yuan.en} ${en}` };
    },
  };
}

function once(zh: string, en: string): MetricWords {
  const said = (value: bigint): Bilingual =>
    value > 0n
      ? { zh: `已${zh}`, en: `the ${en}` }
      : { zh: `没有有效的${zh}`, en: `no ${en} that counts` };
  return { isOnce: true, value: said, number: said };
}

function durationText(seconds: bigint): Bilingual {
  const [hours, minutes, rest] = [
    seconds / 3_600n,
    (seconds / 60n) % 60n,
    seconds % 60n,
  ];
  const parts = [
    { value: hours, zh: '小时', en: 'h' },
    { value: minutes, zh: '分', en: 'min' },
    { value: rest, zh: '秒', en: 's' },
  ].filter(({ value }) => value !== 0n);
  if (parts.length === 0) return { zh: '0小时', en: '0 h' };
  return {
    zh: parts.map(({ value, zh }) => `${numberText(value)}${zh}`).join(''),
    en: parts.map(({ value, en }) => `${numberText(value)} ${en}`).join(' '),
  };
}

/** What was counted, of what, and over which period. */
type Counted = Pick<
  GoalCause,
  'metric' | 'value' | 'period' | 'channels' | 'secondsADay'
>;

/** A metric's value in its period: "12 orders from livestreams in the week from 11 November 2024". */
export function valueInPeriod(counted: Counted): Bilingual {
  const { metric, period } = counted;
  const words = metricWords(metric);
  const said = valueText(counted);
  const within = periodText(period);
  // What happens once in a lifetime has happened, and that is all.
  if (words.isOnce && period === 'lifetime') return said;
  return { zh: `${within.zh}${said.zh}`, en: `${said.en} ${within.en}` };
}

function valueText({
  metric,
  value,
  channels,
  secondsADay,
}: Counted): Bilingual {
  const said = metricWords(metric).value(BigInt(value));
  const from = channelsText(channels);
  const each = aDayText(secondsADay);
  return {
    zh: `${from.zh}${said.zh}${each.zh}`,
    en: `${said.en}${each.en}${from.en}`,
  };
}

const CHANNEL_NAMES = new Map<string, Bilingual>([
  ['live', { zh: '直播', en: 'livestreams' }],
  ['short_video', { zh: '短视频', en: 'short videos' }],
  ['shelf', { zh: '货架', en: 'the shelf' }],
]);

function channelsText(channels: Counted['channels']): Bilingual {
  if (channels === undefined) return NOTHING;
  const names = enumerated(
    channels.map((channel) => CHANNEL_NAMES.get(channel) ?? asIs(channel)),
  );
  return { zh: `${names.zh}渠道`, en: ` from ${names.en}` };
}

/** How long on air makes a day. */
function aDayText(seconds: JsonInteger | undefined): Bilingual {
  if (seconds === undefined) return NOTHING;
  const least = durationText(BigInt(seconds));
  return { zh: `（每天至少${least.zh}）`, en: ` (at least ${least.en} a day)` };
}

/** A period by its key, such as `week:2024-11-11`: in English with the word ahead that it takes. */
export function periodText(key: string): Bilingual {
  const at = key.indexOf(':');
  const kind = at < 0 ? key : key.slice(0, at);
  const name = at < 0 ? '' : key.slice(at + 1);
  switch (kind) {
    case 'session':
      return { zh: `直播场次${name}内`, en: `in session ${name}` };
    case 'day':
      return dated(name, '当天', 'on');
    case 'week':
      return dated(name, '起的一周内', 'in the week from');
    case 'month':
      return dated(name, '内', 'in');
    case 'stage':
      return { zh: `阶段${name}内`, en: `in stage ${name}` };
    case 'window':
      return { zh: '活动期内', en: 'in the window of the program' };
    case 'lifetime':
      return { zh: '累计', en: 'so far' };
    default:
      return { zh: `周期${key}内`, en: `in ${key}` };
  }
}

function dated(date: string, zh: string, en: string): Bilingual {
  const said = /^\d{4}-\d{2}(-\d{2})?$/.test(date)
    ? dateText(date)
    : asIs(date);
  return { zh: `${said.zh}${zh}`, en: `${en} ${said.en}` };
}
