import { z } from 'zod';

/** A whole number of fen or of things, from 0 to 2^53 - 1: what a JSON integer can carry unharmed. */
export const amount = z
  .int()
  .min(0)
  .describe('A whole number of fen or of things');
export const positiveAmount = z.int().min(1).describe('One or more');
