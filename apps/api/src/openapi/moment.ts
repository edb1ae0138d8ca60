import { z } from 'zod';
import { MomentError, type Cut, type Moment } from '@app/ledger';
import { cutAt, type Queryable } from '@app/ledger/postgres';
import { invalidRequest } from '@app/platform';
import { instant } from './fields.js';

const TIME_EXPECTED =
  'expected a time with its offset, such as 2024-11-11T20:00:00+08:00';

/** Of the years that RFC 3339 has, and PostgreSQL too. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A time; without an offset it would be anybody's guess. */
export const time = z.iso
  .datetime({ offset: true, error: TIME_EXPECTED })
  .transform((text, context) => {
    const readMs = Date.parse(text);
    if (readMs >= FIRST_MS && readMs <= LAST_MS) return new Date(readMs);
    context.addIssue(
      Number.isNaN(readMs) ? TIME_EXPECTED : 'expected a year from 1 to 9999',
    );
    return z.NEVER;
  });

const POSITION_EXPECTED = 'expected a position of the log, from 0 on';

/** A place in the sealed order. */
export const position = z
  .string(POSITION_EXPECTED)
  .regex(/^\d{1,15}$/, POSITION_EXPECTED)
  .transform(Number)
  .meta({
    openapi: {
      description: 'As it was with this position of the log, from 0 on.',
      type: 'integer',
      minimum: 0,
      maximum: 999_999_999_999_999,
    },
  });

/** A query as of a moment: of one or the other; now, where neither is given. */
export const momentFields = {
  at: time.describe('As it was recorded by then; now, by default.').optional(),
  position: position.optional(),
};

interface MomentQuery {
  at?: Date | undefined;
  position?: number | undefined;
}

export function isOneMoment({ at, position }: MomentQuery): boolean {
  return at === undefined || position === undefined;
}

/** What is wrong with a query that {@link isOneMoment} says is none. */
export const NOT_ONE_MOMENT = {
  path: ['position'],
  message: 'give `at` or `position`, not both',
};

export function momentOf({ at, position }: MomentQuery): Moment {
  if (position !== undefined) return { position };
  return at ? { recordedAt: at } : 'now';
}

/** Of what moment an answer is: a time, or a position. */
export const momentAnswer = {
  asOf: instant.nullable(),
  position: z.int().nullable(),
};

export function toMomentAnswer({ at, position }: MomentQuery): {
  asOf: Date | null;
  position: number | null;
} {
  return position === undefined
    ? { asOf: at ?? new Date(), position: null }
    : { asOf: null, position };
}

/**
 * Cuts the ledger at a moment that a field of the request gives.
 *
 * @throws ProblemException 400 where it has not come
 */
export async function cutAtField(
  db: Queryable,
  moment: Moment,
  shards: readonly number[],
  field: string,
): Promise<Cut> {
  try {
    return await cutAt(db, moment, shards);
  } catch (error) {
    if (error instanceof MomentError)
      throw invalidRequest([{ field, message: error.message }]);
    throw error;
  }
}

/**
 * Cuts the ledger at the moment of a query.
 *
 * @throws ProblemException 400 where it has not come, naming the field that gave it
 */
export function cutAsked(
  db: Queryable,
  asked: MomentQuery,
  shards: readonly number[],
): Promise<Cut> {
  const field = asked.position === undefined ? 'at' : 'position';
  return cutAtField(db, momentOf(asked), shards, field);
}

/** A query of what was recorded in a period. */
export const periodFields = {
  from: time.describe('Recorded from then on.').optional(),
  to: time
    .describe('Recorded ahead of that: the first instant that is left out.')
    .optional(),
};

interface PeriodQuery {
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Of one that ends ahead of its beginning nothing would be told, as if there were nothing. */
export function isPeriod({ from, to }: PeriodQuery): boolean {
  return !from || !to || from <= to;
}

/** What is wrong with a query that {@link isPeriod} says is none. */
export const NOT_A_PERIOD = {
  path: ['to'],
  message: 'expected a time that is not ahead of `from`',
};

/**
 * Cuts the ledger at both ends of a period of recording.
 *
 * @throws ProblemException 400 where an end has not come, naming its field
 */
export async function cutsAsked(
  db: Queryable,
  { from, to }: PeriodQuery,
  shards: readonly number[],
): Promise<{ from: Cut | null; to: Cut }> {
  return {
    from: from
      ? await cutAtField(db, { recordedBefore: from }, shards, 'from')
      : null,
    to: await cutAtField(db, to ? { recordedBefore: to } : 'now', shards, 'to'),
  };
}
