import type { AutoPromotionLimits, Placement } from '@app/contracts';
import type { SwitchCause } from '../cause.js';
import { amountText } from './amounts.js';
import { enumerated, paragraph, type Bilingual } from './bilingual.js';
import type { Explained } from './explained.js';

const PLACEMENT_NAMES: Record<Placement, Bilingual> = {
  live: { zh: '直播场次', en: 'livestream sessions' },
  short_video: { zh: '短视频', en: 'short videos' },
};

export function explainSwitch({
  entry,
  merchant,
  when,
  cause: { enabled, by, limits, onlyLimits },
}: Explained<SwitchCause>): Bilingual {
  const isOwn = by === entry.merchantId;
  const zhSwitch = `${isOwn ? '' : `${merchant.zh}的`}一站式推广开关`;
  const enSwitch = isOwn ? 'their own switch' : `the switch of ${merchant.en}`;
  if (onlyLimits)
    return paragraph(
      {
        zh: `${when.zh}${by}修改了${zhSwitch}的限额。`,
        en: `${when.en}${by} changed the limits of ${enSwitch}.`,
      },
      limits
        ? limitsText(limits)
        : { zh: '不再设限额。', en: 'There are none any more.' },
    );
  return paragraph(
    {
      zh: `${when.zh}${by}${enabled ? '打开' : '关闭'}了${zhSwitch}。`,
      en: `${when.en}${by} turned ${enSwitch} ${enabled ? 'on' : 'off'}.`,
    },
    limits ? limitsText(limits) : null,
  );
}

function limitsText({
  dailyCapImpressions,
  placements,
  minimumImpressionsPerSession,
}: AutoPromotionLimits): Bilingual {
  const impressions = (count: number) =>
    amountText({ amount: BigInt(count), unit: null });
  const said: Bilingual[] = [];
  if (dailyCapImpressions !== undefined) {
    const cap = impressions(dailyCapImpressions);
    said.push({ zh: `每日至多${cap.zh}`, en: `at most ${cap.en} a day` });
  }
  if (placements) {
    const named = enumerated(
      placements.map((placement) => PLACEMENT_NAMES[placement]),
    );
    said.push({ zh: `仅投放到${named.zh}`, en: `only in ${named.en}` });
  }
  if (minimumImpressionsPerSession !== undefined) {
    const least = impressions(minimumImpressionsPerSession);
    said.push({
      zh: `每场直播至少${least.zh}，否则不投放`,
      en: `for each livestream session at least ${least.en} or none`,
    });
  }
  return {
    zh: `限额：${said.map(({ zh }) => zh).join('；')}。`,
    en: `Limits: ${said.map(({ en }) => en).join('; ')}.`,
  };
}
