import type { Placement } from '@app/contracts';
import type {
  DeliveryCause,
  ExpiryCause,
  PromotionOrderCause,
  ReleaseCause,
} from '../cause.js';
import {
  amountsText,
  amountText,
  countText,
  numberText,
  yuanText,
} from './amounts.js';
import { paragraph, type Bilingual } from './bilingual.js';
import type { Explained } from './explained.js';
import { causeTimeText } from './times.js';

const PLACEMENTS: Record<Placement, Bilingual> = {
  live: { zh: '直播场次', en: 'livestream session' },
  short_video: { zh: '短视频', en: 'short video' },
};

export function explainPromotionOrdered({
  merchant,
  when,
  cause,
  moved,
}: Explained<PromotionOrderCause>): Bilingual {
  const { promotionOrderId, placement, sessionId, videoId, decision } = cause;
  const reserved = amountsText(moved);
  const target = sessionId ?? videoId;
  const where: Bilingual = {
    zh: `${PLACEMENTS[placement].zh}${target === undefined ? '' : target}`,
    en: `${PLACEMENTS[placement].en}${target === undefined ? '' : ` ${target}`}`,
  };
  const deadline = causeTimeText(cause.deadline);
  const spendable = amountText({
    amount: BigInt(decision.spendable),
    unit: null,
  });
  return paragraph(
    {
      zh: `${when.zh}冻结${merchant.zh}的${reserved.zh}，用于推广单${promotionOrderId}，${deadline.zh}前投放到${where.zh}。`,
      en: `${when.en}the promoter reserved ${reserved.en} of ${merchant.en} for promotion order ${promotionOrderId}, to be shown in ${where.en} until ${deadline.en}.`,
    },
    {
      zh: `下单前该场域可用${spendable.zh}（策略${decision.policy}）。`,
      en: `There were ${spendable.en} to spend there before it (policy ${decision.policy}).`,
    },
    expectation(decision),
    exploration(decision),
    otherTargets(decision),
  );
}

/** What the order was expected to bring, and what its traffic was worth elsewhere. */
function expectation({
  slot,
  expected,
  prices,
}: PromotionOrderCause['decision']): Bilingual | null {
  if (!slot || !expected) return null;
  const room = numberText(slot.capacity);
  const rate = yuanText(expected.gmvMinorPerThousand);
  const spread = numberText(expected.spreadPercent);
  const price = prices?.own ?? prices?.any;
  const elsewhere = price === undefined ? null : yuanText(price);
  return {
    zh: `预计此处可容纳${room}次，每千次曝光带来成交额${rate.zh}（上下约${spread}%）${elsewhere ? `，用在别处每千次约${elsewhere.zh}` : ''}。`,
    en: `It was thought to take ${room} and to bring ${rate.en} of sales per thousand at first, give or take ${spread}%${elsewhere ? `; elsewhere a thousand would bring ${elsewhere.en}` : ''}.`,
  };
}

function exploration({
  explored,
  drawnWith,
}: PromotionOrderCause['decision']): Bilingual | null {
  if (!explored) return null;
  return {
    zh: `这是探索：按价格不会给这么多，试投是为了解此处的效果${drawnWith === undefined ? '' : `（由种子${drawnWith}抽中）`}。`,
    en: `This is exploration: its price was not right for as many, and they are to find out what it sells${drawnWith === undefined ? '' : ` (drawn with seed ${drawnWith})`}.`,
  };
}

function otherTargets({
  alternatives = [],
}: PromotionOrderCause['decision']): Bilingual | null {
  if (alternatives.length === 0) return null;
  const told = alternatives.map(
    ({ targetId, gmvMinorPerThousand, impressions }) => ({
      targetId,
      rate: yuanText(gmvMinorPerThousand),
      given: numberText(impressions),
    }),
  );
  return {
    zh: `同时考虑过：${told.map(({ targetId, rate, given }) => `${targetId}（每千次${rate.zh}，给${given}次）`).join('、')}。`,
    en: `Weighed beside it: ${told.map(({ targetId, rate, given }) => `${targetId} (${rate.en} per thousand, given ${given})`).join(', ')}.`,
  };
}

export function explainPromotionDelivered({
  merchant,
  when,
  cause,
  moved,
}: Explained<DeliveryCause>): Bilingual {
  const { promotionOrderId, reportedImpressions, clicks, orders } = cause;
  const delivered = amountsText(moved);
  const total = moved.reduce((sum, { amount }) => sum + amount, 0n);
  const gmv = yuanText(cause.gmvMinor);
  return paragraph(
    {
      zh: `${when.zh}推广单${promotionOrderId}为${merchant.zh}消耗${delivered.zh}，带来点击${numberText(clicks)}次、订单${numberText(orders)}单、成交额${gmv.zh}。`,
      en: `${when.en}promotion order ${promotionOrderId} delivered ${delivered.en} for ${merchant.en}, with ${countText(clicks, ['click', 'clicks'])}, ${countText(orders, ['order', 'orders'])} and ${gmv.en} of sales.`,
    },
    BigInt(reportedImpressions) > total
      ? {
          zh: `投放回执为${numberText(reportedImpressions)}次，超出冻结的部分不计费。`,
          en: `The delivery report says ${numberText(reportedImpressions)}: what is over the reserve costs the merchant nothing.`,
        }
      : null,
  );
}

const CLOSED: Record<ReleaseCause['reason'], Bilingual> = {
  completed: { zh: '投放完成', en: 'was completed' },
  session_ended: { zh: '直播已结束', en: 'closed as the session ended' },
  cancelled: { zh: '已取消', en: 'was cancelled' },
  rejected: { zh: '被投放服务拒绝', en: 'was rejected by ad delivery' },
  deadline_passed: { zh: '已过截止时间', en: 'closed as its deadline passed' },
  switched_off: {
    zh: '开关已关闭',
    en: 'closed as the switch was turned off',
  },
  limits_changed: {
    zh: '限额已修改',
    en: 'closed as the limits were changed',
  },
};

export function explainPromotionClosed({
  merchant,
  when,
  cause: { promotionOrderId, reason },
  moved,
}: Explained<ReleaseCause>): Bilingual {
  const closed = CLOSED[reason];
  const released = amountsText(moved);
  return moved.length === 0
    ? {
        zh: `${when.zh}推广单${promotionOrderId}关闭（${closed.zh}），${merchant.zh}没有剩余可解冻。`,
        en: `${when.en}promotion order ${promotionOrderId} of ${merchant.en} ${closed.en} with nothing left to release.`,
      }
    : {
        zh: `${when.zh}推广单${promotionOrderId}关闭（${closed.zh}），${merchant.zh}未消耗的${released.zh}解冻。`,
        en: `${when.en}promotion order ${promotionOrderId} of ${merchant.en} ${closed.en} and released ${released.en} that it had not used.`,
      };
}

export function explainLotExpired({
  merchant,
  when,
  cause: { lotId, program, expiresAt },
  moved,
}: Explained<ExpiryCause>): Bilingual {
  const expired = amountsText(moved);
  const at = causeTimeText(expiresAt);
  return {
    zh: `${when.zh}${merchant.zh}的券批次${lotId}（${program}）剩余的${expired.zh}过期，有效期至${at.zh}。`,
    en: `${when.en}${expired.en} left of lot ${lotId} of ${merchant.en} from ${program} expired: it was good until ${at.en}.`,
  };
}
