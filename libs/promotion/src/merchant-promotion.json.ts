import { z } from 'zod';
import {
  autoPromotionLimits,
  CLIP_KINDS,
  PLACEMENTS,
  UNITS,
} from '@app/contracts';
import { localDay } from './local-day.js';
import type { MerchantPromotion } from './merchant-promotion.js';
import { targetKey, type MerchantSpending } from './planning/index.js';

const bigints = z.codec(z.string(), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

const autoPromotion = z.object({
  enabled: z.boolean(),
  sinceMs: z.number().nullable(),
  eventId: z.string().nullable(),
});
const lots = z.array(
  z.object({
    lotId: z.string(),
    unit: z.enum(UNITS),
    program: z.string(),
    expiresAtMs: z.number(),
    available: bigints,
    reserved: bigints,
  }),
);
const order = z.object({
  promotionOrderId: z.string(),
  placement: z.enum(PLACEMENTS),
  targetId: z.string(),
  deadlineMs: z.number(),
  parts: z.array(z.object({ lotId: z.string(), amount: bigints })),
  deliveredImpressions: bigints,
});
const rest = z
  .object({ failures: z.number(), untilMs: z.number().nullable() })
  .nullable();

const slot = z
  .object({
    targetKind: z.enum(['session', 'video', 'clip']),
    clipKind: z.enum(CLIP_KINDS).optional(),
    capacity: z.number(),
    untilMs: z.number(),
  })
  .nullable();

/** How a merchant is kept: plain JSON, amounts as decimal strings. */
const codec = z.object({
  v: z.literal([2, 3]),
  clockMs: z.number(),
  category: z.string().nullable(),
  autoPromotion: autoPromotion.extend({ limits: autoPromotionLimits }),
  lots,
  sessions: z.array(
    z.object({
      sessionId: z.string(),
      startedAtMs: z.number(),
      followers: z.number().nullable(),
      givenImpressions: bigints,
      rest,
    }),
  ),
  endedSessionIds: z.array(z.string()),
  videos: z.array(
    z.object({
      videoId: z.string(),
      publishedAtMs: z.number(),
      clip: z
        .object({ sessionId: z.string(), kind: z.enum(CLIP_KINDS) })
        .nullable(),
      rest,
    }),
  ),
  orders: z.array(
    order.extend({
      orderedAtMs: z.number(),
      deliveredOrders: z.number(),
      deliveredGmvMinor: z.number(),
      slot,
    }),
  ),
  orderedToday: z.object({ day: z.string().nullable(), impressions: bigints }),
  // Its own maker is its only reader: a merchant's hundreds of numbers are not looked through one by one.
  spending: z.custom<MerchantSpending>().nullable(),
});

/** How it was kept before streams and videos had more than an id. */
const firstCodec = z.object({
  v: z.literal(1),
  clockMs: z.number(),
  autoPromotion,
  lots,
  sessionIds: z.array(z.string()),
  endedSessionIds: z.array(z.string()),
  videoIds: z.array(z.string()),
  orders: z.array(order),
});

/** The stored form of a merchant. */
export function merchantToJson(merchant: MerchantPromotion): unknown {
  return z.encode(codec, { v: 3, ...merchant } as z.output<typeof codec>);
}

/**
 * Reads a merchant, also as they were kept before: what was not kept then is as of the clock that was.
 *
 * @throws ZodError where the stored form is another one
 */
export function merchantFromJson(json: unknown): MerchantPromotion {
  if (isFirst(json)) return fromFirst(z.decode(firstCodec, json));
  const { v, ...merchant } = z.decode(codec, json as z.input<typeof codec>);
  return v === 2 ? fromSecond(merchant) : merchant;
}

function isFirst(json: unknown): json is z.input<typeof firstCodec> {
  return (json as { v?: unknown } | null)?.v === 1;
}

/** Slots went by the ids of their targets, which a stream and a video may share. */
function fromSecond(merchant: MerchantPromotion): MerchantPromotion {
  const { spending, sessions, videos } = merchant;
  if (!spending) return merchant;
  const { slotEndsMs, unfunded } = spending;
  const targets = [
    ...sessions.map(({ sessionId }) => ({
      placement: 'live' as const,
      targetId: sessionId,
    })),
    ...videos.map(({ videoId }) => ({
      placement: 'short_video' as const,
      targetId: videoId,
    })),
  ];
  return {
    ...merchant,
    spending: {
      ...spending,
      slotEndsMs: Object.fromEntries(
        targets
          .filter(({ targetId }) => Object.hasOwn(slotEndsMs, targetId))
          .map((target) => [targetKey(target), slotEndsMs[target.targetId]!]),
      ),
      unfunded: targets
        .filter(({ targetId }) => unfunded.includes(targetId))
        .map(targetKey),
    },
  };
}

function fromFirst({
  clockMs,
  autoPromotion,
  lots,
  sessionIds,
  endedSessionIds,
  videoIds,
  orders,
}: z.output<typeof firstCodec>): MerchantPromotion {
  const given = (own: typeof orders) =>
    own
      .flatMap(({ parts, deliveredImpressions }) => [
        deliveredImpressions,
        ...parts.map(({ amount }) => amount),
      ])
      .reduce((sum, impressions) => sum + impressions, 0n);
  return {
    clockMs,
    category: null,
    autoPromotion: { ...autoPromotion, limits: {} },
    lots,
    sessions: sessionIds.map((sessionId) => ({
      sessionId,
      startedAtMs: clockMs,
      followers: null,
      givenImpressions: given(
        orders.filter(({ targetId }) => targetId === sessionId),
      ),
      rest: null,
    })),
    endedSessionIds,
    videos: videoIds.map((videoId) => ({
      videoId,
      publishedAtMs: clockMs,
      clip: null,
      rest: null,
    })),
    orders: orders.map((order) => ({
      ...order,
      orderedAtMs: clockMs,
      deliveredOrders: 0,
      deliveredGmvMinor: 0,
      slot: null,
    })),
    orderedToday: { day: localDay(clockMs), impressions: given(orders) },
    spending: null,
  };
}
