import { z } from 'zod';
import { invalidRequest } from '@app/platform';

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

/** After how many differences a page ends; what is looked at last may add a few more. */
export const differencesLimit = pageLimit.meta({
  openapi: {
    description:
      'After how many differences a page ends; what is looked at last may add a few more.',
    type: 'integer',
    minimum: 1,
    maximum: LIMIT_MAX,
    default: LIMIT_DEFAULT,
  },
});

const SHARD_EXPECTED = 'expected the number of a shard, from 0 on';

/** A shard, by its number. */
export const shardField = z
  .string(SHARD_EXPECTED)
  .regex(/^\d{1,5}$/, SHARD_EXPECTED)
  .transform(Number)
  .meta({
    openapi: {
      description: 'Of this shard alone.',
      type: 'integer',
      minimum: 0,
      maximum: 32_767,
    },
  });

/**
 * The shards that are asked for: all, where none is.
 *
 * @throws ProblemException 400 where there is no such shard
 */
export function shardsAsked(
  shard: number | undefined,
  all: readonly number[],
): readonly number[] {
  if (shard === undefined) return all;
  if (all.includes(shard)) return [shard];
  throw invalidRequest([
    { field: 'shard', message: `expected a shard from 0 to ${all.length - 1}` },
  ]);
}
