import { z } from 'zod';
import { positiveAmount } from './amount.js';
import { PLACEMENTS, type Placement } from './units.js';

/**
 * How far a merchant lets the promoter go while the switch is on. A limit that is left out does not hold. One that
 * is not known is refused: whoever misspells a limit would have none.
 */
export const autoPromotionLimits = z
  .strictObject({
    dailyCapImpressions: positiveAmount
      .describe(
        'The most impressions that orders of one day in Asia/Shanghai may use: what is ordered less what is released',
      )
      .optional(),
    placements: z
      .array(z.enum(PLACEMENTS))
      .min(1)
      .refine((placements) => new Set(placements).size === placements.length, {
        error: 'a placement is named twice',
      })
      .meta({ description: 'Where traffic may be spent', uniqueItems: true })
      .optional(),
    minimumImpressionsPerSession: positiveAmount
      .describe(
        'A session is given at least so many impressions or none; no more than the daily cap',
      )
      .optional(),
  })
  .refine(
    ({ dailyCapImpressions, minimumImpressionsPerSession }) =>
      (minimumImpressionsPerSession ?? 0) <= (dailyCapImpressions ?? Infinity),
    {
      path: ['minimumImpressionsPerSession'],
      error: 'no session could be given more than dailyCapImpressions',
    },
  );

export type AutoPromotionLimits = z.infer<typeof autoPromotionLimits>;

/** Whether two merchants with these limits are limited alike. */
export function limitsAreEqual(
  a: AutoPromotionLimits,
  b: AutoPromotionLimits,
): boolean {
  return (
    a.dailyCapImpressions === b.dailyCapImpressions &&
    a.minimumImpressionsPerSession === b.minimumImpressionsPerSession &&
    PLACEMENTS.every(
      (placement) => allows(a, placement) === allows(b, placement),
    )
  );
}

/** Whether traffic may be spent there. */
export function allows(
  { placements }: AutoPromotionLimits,
  placement: Placement,
): boolean {
  return placements?.includes(placement) ?? true;
}
