import { z } from 'zod';
import { identifier, positiveAmount } from '@app/contracts';
import type { Adjustment } from '@app/ledger';
import { PROPOSAL_STATES, type Proposal } from '@app/adjustments';
import { amount, instant, unit } from '../openapi/fields.js';
import { time } from '../openapi/moment.js';

export const lotIdField = z
  .string()
  .regex(/^grants-\d{1,4}-[1-9]\d{0,17}$/, 'expected a lot, e.g. grants-10-5');

const program = identifier.describe('The name of a program.');
const positive = positiveAmount.describe(
  'In minor units: impressions, or fen.',
);
const expiresAt = time.describe('When the lot expires.');

/** What is asked for: see docs/adjustments.md for what each moves. */
export const requestedAdjustment = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('give'),
      merchantId: identifier,
      program,
      unit,
      amount: positive,
      expiresAt,
    }),
    z.strictObject({
      type: z.literal('take_back'),
      lotId: lotIdField,
      amount: positive,
    }),
    z.strictObject({
      type: z.literal('budget'),
      program,
      unit,
      amount: z
        .int()
        .refine((value) => value !== 0, 'expected more or less than 0')
        .describe('Less than 0 cuts the budget.'),
      shard: z
        .int()
        .min(0)
        .max(32_767)
        .optional()
        .describe('The one whose pool it is for; its home, by default.'),
    }),
    z.strictObject({
      type: z.literal('cash'),
      merchantId: identifier,
      program,
      amount: positive,
    }),
    z.strictObject({
      type: z.literal('payout'),
      merchantId: identifier,
      amount: positive,
    }),
  ])
  .meta({ id: 'RequestedAdjustment' });
export type RequestedAdjustment = z.output<typeof requestedAdjustment>;

const toldAdjustment = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('give'),
      merchantId: z.string(),
      program: z.string(),
      unit,
      amount,
      expiresAt: instant,
    }),
    z.strictObject({
      type: z.literal('take_back'),
      merchantId: z.string(),
      lotId: z.string(),
      amount,
    }),
    z.strictObject({
      type: z.literal('budget'),
      program: z.string(),
      unit,
      amount,
    }),
    z.strictObject({
      type: z.literal('cash'),
      merchantId: z.string(),
      program: z.string(),
      amount,
    }),
    z.strictObject({
      type: z.literal('payout'),
      merchantId: z.string(),
      amount,
    }),
  ])
  .meta({ id: 'Adjustment' });

const decision = z
  .strictObject({
    decision: z.enum(['approved', 'rejected']),
    decidedBy: z.string(),
    decidedAt: instant,
    /** Why it was rejected. */
    reason: z.string().nullable(),
    /** The entry that it became; null where it was rejected, or there was nothing to move. */
    entryId: z.string().nullable(),
  })
  .meta({ id: 'ProposalDecision' });

export const toldProposal = z
  .strictObject({
    proposalId: z.string(),
    state: z.enum(PROPOSAL_STATES),
    reason: z.string(),
    proposedBy: z.string(),
    proposedAt: instant,
    /** Shards that it is proposed for in all. */
    spreadOver: z.int(),
    parts: z.array(
      z.strictObject({
        shard: z.int(),
        adjustment: toldAdjustment,
        /** Null while it is open. */
        decided: decision.nullable(),
      }),
    ),
  })
  .meta({ id: 'Proposal' });
export type ToldProposal = z.output<typeof toldProposal>;

export function tellProposal({
  proposalId,
  state,
  spreadOver,
  parts,
}: Proposal): ToldProposal {
  const { reason, proposedBy, proposedAtMs } = parts[0]!.proposal;
  return {
    proposalId,
    state,
    reason,
    proposedBy,
    proposedAt: new Date(proposedAtMs),
    spreadOver,
    parts: parts.map(({ proposal: { shard, adjustment }, decided }) => ({
      shard,
      adjustment: tellAdjustment(adjustment),
      decided,
    })),
  };
}

function tellAdjustment(
  adjustment: Adjustment,
): ToldProposal['parts'][number]['adjustment'] {
  if (adjustment.type !== 'give') return adjustment;
  const { expiresAtMs, ...told } = adjustment;
  return { ...told, expiresAt: new Date(expiresAtMs) };
}
