import { z } from 'zod';
import { PLACEMENTS } from '@app/contracts';
import type { ResultGroup } from '@app/promotion';
import { amount, merchantId } from '../openapi/fields.js';

export const RESULTS_BY = ['day', 'placement', 'session', 'video'] as const;

const placement = z.enum(PLACEMENTS).meta({ id: 'Placement' });

/** Of a report's own time, in Asia/Shanghai. */
const day = z.iso.date();

const resultGroup = z
  .strictObject({
    day: day.optional(),
    placement: placement.optional(),
    sessionId: z.string().optional(),
    videoId: z.string().optional(),
    /** Spent of the merchant's lots. */
    impressions: amount,
    clicks: z.bigint(),
    orders: z.bigint(),
    gmvMinor: amount,
    /** By a thousand impressions, to the fen below; null where there were none. */
    gmvMinorPerThousand: amount.nullable(),
  })
  .meta({ id: 'ResultGroup' });

const pace = z
  .strictObject({
    /** Of streams in seconds, of videos in days. */
    time: z.bigint(),
    orders: z.bigint(),
    gmvMinor: amount,
    /** By an hour of a stream, by a day of a video, to the fen below; null where there was no time. */
    gmvMinorPerUnit: amount.nullable(),
  })
  .meta({ id: 'Pace' });

/** How a placement sold with promotion and without, over all orders that were paid. */
const comparison = z
  .strictObject({
    placement,
    unit: z.enum(['hour', 'day']),
    promoted: pace,
    unpromoted: pace,
  })
  .meta({ id: 'Comparison' });

export const results = z
  .strictObject({
    merchantId,
    from: day,
    to: day,
    by: z.enum(RESULTS_BY),
    results: z.array(resultGroup),
    /** Of those that are listed. */
    total: resultGroup,
    comparisons: z.array(comparison),
  })
  .meta({ id: 'Results' });
export type Results = z.output<typeof results>;

/** A session or a video by its own name, instead of as a target of a placement. */
export function toGroup({
  targetId,
  ...group
}: ResultGroup): z.output<typeof resultGroup> {
  if (targetId === undefined) return group;
  return group.placement === 'live'
    ? { ...group, sessionId: targetId }
    : { ...group, videoId: targetId };
}
