import { z } from 'zod';
import { CHANNELS, UNITS, type Unit } from '@app/contracts';
import { METRICS, PERIOD_KINDS } from './program.js';
import { isTimeZone } from './time-zone.js';

/** A mapping that takes these fields and no others. */
function fields<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? `expected no such field, only ${names}`
        : `expected the fields ${names}`,
  });
}

function list<Item extends z.ZodType>(item: Item, atMost: number) {
  const error = `expected a list of 1 to ${atMost}`;
  return z.array(item, error).min(1, error).max(atMost, error);
}

function oneOf<const Values extends readonly string[]>(values: Values) {
  return z.enum(values, `expected one of ${values.join(', ')}`);
}

/** 2^53 - 1 is the largest that JSON carries unharmed. */
function whole(max: number = Number.MAX_SAFE_INTEGER) {
  const error = `expected a whole number from 1 to ${max}`;
  return z.int(error).min(1, error).max(max, error);
}

/** Ten years. */
export const MAX_EXPIRY_DAYS = 3_660;

const NAME = 'expected 1 to 63 lower-case letters, digits and hyphens';
const name = z.string(NAME).regex(/^[a-z0-9][a-z0-9-]{0,62}$/, NAME);

const TITLE = 'expected a text of 1 to 200 characters';
const title = z.string(TITLE).min(1, TITLE).max(200, TITLE);

const TIME_ZONE = 'expected an IANA time zone, e.g. Asia/Shanghai';
const timeZone = z.string(TIME_ZONE).refine(isTimeZone, TIME_ZONE);

const instant = z.iso.datetime({
  offset: true,
  error: 'expected a time with an offset, e.g. 2024-11-01T00:00:00+08:00',
});

const pools = fields(
  Object.fromEntries(UNITS.map((unit) => [unit, whole().optional()])) as Record<
    Unit,
    z.ZodOptional<ReturnType<typeof whole>>
  >,
);

const reward = fields({
  unit: oneOf(UNITS),
  amount: whole(),
  // Cash does not expire; programs that say when it does are read all the same.
  expiresAfterDays: whole(MAX_EXPIRY_DAYS).optional(),
});

const goal = fields({
  goal: name,
  metric: oneOf(METRICS),
  channels: list(oneOf(CHANNELS), CHANNELS.length).default([...CHANNELS]),
  period: oneOf(PERIOD_KINDS),
  tiers: list(
    fields({ tier: name, at: whole(), rewards: list(reward, 8) }),
    32,
  ),
});

/** A program file, field by field; what fields must agree on is in `disagreements`. */
export const programSchema = fields({
  program: name,
  version: whole(),
  title: fields({ zh: title, en: title }),
  timeZone: timeZone.default('Asia/Shanghai'),
  window: fields({ from: instant, until: instant }).optional(),
  pools,
  goals: list(goal, 32),
});

export type ProgramFields = z.output<typeof programSchema>;
