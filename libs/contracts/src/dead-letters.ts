import { z } from 'zod';
import { TOPICS } from './topics.js';
import { REFUSALS } from './validate.js';

/** Why a message was sent to the dead letters: it cannot be read, or what it says cannot be taken. */
export const DEAD_LETTER_REASONS = [
  ...REFUSALS,
  'id_conflict',
  'order_not_open',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

const wholeNumber = z.string().regex(/^\d+$/);

/** The headers of a dead letter, as text, beside those that the message had. */
export const deadLetterHeaders = z.object({
  'dlq-reason': z.enum(DEAD_LETTER_REASONS).describe('Why it was refused'),
  'dlq-detail': z.string().describe('The same in words; names the field'),
  'dlq-topic': z
    .enum([TOPICS.activity, TOPICS.delivery])
    .describe('The topic where it stood'),
  'dlq-partition': wholeNumber.describe('Its partition there'),
  'dlq-offset': wholeNumber.describe('Its offset there'),
});
export type DeadLetterHeaders = z.infer<typeof deadLetterHeaders>;
