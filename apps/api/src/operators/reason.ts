import { z } from 'zod';

const REASON_LENGTH_MAX = 1_000;

/** Text that the database keeps as it is: without NUL, and without half a character. */
export const KEPT_TEXT = /^[^\0\ud800-\udfff]*$/u;
const KEPT_AND_NOT_BLANK = /^(?=[\s\S]*\S)[^\0\ud800-\udfff]*$/u;

/** Why a change is made. */
export const reason = z
  .string()
  .max(REASON_LENGTH_MAX)
  .regex(KEPT_AND_NOT_BLANK, 'expected a reason, in whole characters')
  .describe('Why: it stands in the record for good.');
