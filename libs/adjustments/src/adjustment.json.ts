import { z } from 'zod';
import { UNITS } from '@app/contracts';
import type { Adjustment } from '@app/ledger';

/** Decimal: a JSON number would not hold every digit. */
const amount = z.codec(z.string(), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
});
const unit = z.enum(UNITS);
const merchantId = z.string();
const program = z.string();

/** How an adjustment is kept. */
const codec = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('give'),
    merchantId,
    program,
    unit,
    amount,
    expiresAtMs: z.number(),
  }),
  z.object({
    type: z.literal('take_back'),
    merchantId,
    lotId: z.string(),
    amount,
  }),
  z.object({ type: z.literal('budget'), program, unit, amount }),
  z.object({ type: z.literal('cash'), merchantId, program, amount }),
  z.object({ type: z.literal('payout'), merchantId, amount }),
]);

export function adjustmentToJson(adjustment: Adjustment): unknown {
  return z.encode(codec, adjustment);
}

/** @throws ZodError where the stored form is another one */
export function adjustmentFromJson(json: unknown): Adjustment {
  return z.decode(codec, json as z.input<typeof codec>);
}
