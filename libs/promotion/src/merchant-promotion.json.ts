import { z } from 'zod';
import { PLACEMENTS, UNITS } from '@app/contracts';
import type { MerchantPromotion } from './merchant-promotion.js';

const bigints = z.codec(z.string(), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});

/** How a merchant is kept: plain JSON, amounts as decimal strings. */
const codec = z.object({
  v: z.literal(1),
  clockMs: z.number(),
  autoPromotion: z.object({
    enabled: z.boolean(),
    sinceMs: z.number().nullable(),
    eventId: z.string().nullable(),
  }),
  lots: z.array(
    z.object({
      lotId: z.string(),
      unit: z.enum(UNITS),
      program: z.string(),
      expiresAtMs: z.number(),
      available: bigints,
      reserved: bigints,
    }),
  ),
  sessionIds: z.array(z.string()),
  endedSessionIds: z.array(z.string()),
  videoIds: z.array(z.string()),
  orders: z.array(
    z.object({
      promotionOrderId: z.string(),
      placement: z.enum(PLACEMENTS),
      targetId: z.string(),
      deadlineMs: z.number(),
      parts: z.array(z.object({ lotId: z.string(), amount: bigints })),
      deliveredImpressions: bigints,
    }),
  ),
  restUntilMs: z.partialRecord(z.enum(PLACEMENTS), z.number()),
});

/** The stored form of a merchant. */
export function merchantToJson(merchant: MerchantPromotion): unknown {
  return z.encode(codec, { v: 1, ...merchant } as z.output<typeof codec>);
}

/** @throws ZodError where the stored form is another one */
export function merchantFromJson(json: unknown): MerchantPromotion {
  const { v: _, ...merchant } = z.decode(codec, json as z.input<typeof codec>);
  return merchant;
}
