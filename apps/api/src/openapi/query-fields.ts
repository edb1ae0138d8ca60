import { z } from 'zod';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;
const LIMIT_EXPECTED = `expected a whole number from 1 to ${LIMIT_MAX}`;

/** How many items a page has at most. */
export const pageLimit = z
  .string(LIMIT_EXPECTED)
  .regex(/^[1-9]\d{0,2}$/, LIMIT_EXPECTED)
  .transform(Number)
  .pipe(z.int().max(LIMIT_MAX, LIMIT_EXPECTED))
  .default(LIMIT_DEFAULT)
  .meta({
    openapi: {
      description: 'How many items a page has at most.',
      type: 'integer',
      minimum: 1,
      maximum: LIMIT_MAX,
      default: LIMIT_DEFAULT,
    },
  });
