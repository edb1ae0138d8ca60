import { z } from 'zod';
import { CHANNELS, UNITS, type Unit } from '@app/contracts';
import {
  EligibilityError,
  MAX_ELIGIBILITY_LENGTH,
  parseEligibility,
} from '../eligibility.js';
import { CAP_PERIODS, METRICS, PERIOD_KINDS, TAKE_BACKS } from '../program.js';
import { isTimeZone } from '../time/time-zone.js';

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
function whole(atMost: number = Number.MAX_SAFE_INTEGER, atLeast: 0 | 1 = 1) {
  const error = `expected a whole number from ${atLeast} to ${atMost}`;
  return z.int(error).min(atLeast, error).max(atMost, error);
}

/** For editors: exactly one of the fields is there. `disagreements` says so of a file. */
function exactlyOne(names: readonly string[]) {
  return { oneOf: names.map((name) => ({ required: [name] })) };
}

/** Ten years. */
export const MAX_EXPIRY_DAYS = 3_660;
export const MAX_SETTLEMENT_DAYS = 366;
export const MAX_SECONDS_A_DAY = 86_400;
/** A year of 366 days. */
const MAX_GRACE_HOURS = 8_784;
/** A thousandfold. */
const MAX_BASIS_POINTS = 10_000_000;

export const PAYOUTS = ['tiers', 'highestTier', 'every', 'rate'] as const;
export const AMOUNTS = ['amount', 'draw', 'poolShare'] as const;

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

const ELIGIBLE = `expected an expression of 1 to ${MAX_ELIGIBILITY_LENGTH} characters`;
const eligible = z
  .string(ELIGIBLE)
  .min(1, { error: ELIGIBLE, abort: true })
  .max(MAX_ELIGIBILITY_LENGTH, { error: ELIGIBLE, abort: true })
  .superRefine((expression, context) => {
    try {
      parseEligibility(expression);
    } catch (error) {
      if (!(error instanceof EligibilityError)) throw error;
      context.addIssue(
        `expected a CEL expression that is true or false: ${error.message}`,
      );
    }
  });

const pools = fields(
  Object.fromEntries(UNITS.map((unit) => [unit, whole().optional()])) as Record<
    Unit,
    z.ZodOptional<ReturnType<typeof whole>>
  >,
);

const unit = oneOf(UNITS).describe(
  'LIVE_IMP: livestream impressions; VIDEO_IMP: short-video impressions; ANY_IMP: either; CNY: cash, in fen. ' +
    'It needs a pool.',
);

// Cash does not expire; programs that say when it does are read all the same.
const expiry = {
  expiresAfterDays: whole(MAX_EXPIRY_DAYS)
    .describe(
      'Expires so many days of 24 hours after what earned it. CNY does not expire.',
    )
    .optional(),
  expiresAt: instant
    .describe('Expires at this time, in the place of expiresAfterDays.')
    .optional(),
};

const amount = whole().describe('How much of the unit.');

const reward = fields({
  unit,
  amount: amount.optional(),
  draw: fields({
    from: whole().describe('The least.'),
    to: whole().describe('The most, itself included.'),
  })
    .describe(
      'A random amount, drawn once a merchant and period, in a way that anybody can repeat.',
    )
    .optional(),
  poolShare: fields({
    partsPerMillion: whole(1_000_000).describe(
      "Millionths of the pool's budget in this file, rounded down.",
    ),
  })
    .describe("A share of the program's pool in the unit.")
    .optional(),
  ...expiry,
})
  .describe('One lot of one unit, or cash.')
  .meta(exactlyOne(AMOUNTS));

const tiers = list(
  fields({
    tier: name.describe('Its name, once in a goal.'),
    at: whole().describe('Reached when the metric is at least this.'),
    rewards: list(reward, 8).describe('What it pays.'),
  }),
  32,
);

const goal = fields({
  goal: name.describe('Its name, once in a program, for good.'),
  metric: oneOf(METRICS).describe(
    'What is counted. orders, gmvMinor (fen): paid and not refunded; returns: orders with a refund; ' +
      'liveSeconds: time on air; liveDays: days with secondsADay on air; liveDayStreak: such days in a row; ' +
      'followers: gained; shoppableVideos, clips, productsListed: different ones; adsSpentMinor (fen): the ' +
      "merchant's own spend on ads; firstStream, firstSale: 1 in the period of the first ever.",
  ),
  channels: list(oneOf(CHANNELS), CHANNELS.length)
    .describe('Where orders and followers come from; all if left out.')
    .default([...CHANNELS]),
  period: oneOf(PERIOD_KINDS).describe(
    'After what the metric begins at zero again: one livestream (session), the calendar, a stage, or the ' +
      'window; never for lifetime.',
  ),
  secondsADay: whole(MAX_SECONDS_A_DAY)
    .describe('liveDays and liveDayStreak: how long on air makes a day.')
    .optional(),
  settlesAfterDays: whole(MAX_SETTLEMENT_DAYS, 0)
    .describe(
      'Decided and paid once, so many days after the period ended; with each event if left out.',
    )
    .optional(),
  tiers: tiers
    .describe('Pays each tier that is reached; they add up. Ascending.')
    .optional(),
  highestTier: tiers
    .describe(
      'Pays the highest tier that is reached, less what lower ones have paid. Ascending.',
    )
    .optional(),
  every: fields({
    count: whole().describe('How much of the metric pays once.'),
    times: whole()
      .describe('How often a period at most; without end if left out.')
      .optional(),
    rewards: list(fields({ unit, amount, ...expiry }), 8).describe(
      'What it pays each time.',
    ),
  })
    .describe('Pays the rewards for every so much of the metric.')
    .optional(),
  rate: fields({
    basisPoints: whole(MAX_BASIS_POINTS).describe(
      'Ten-thousandths of the metric: 100 are 1 %.',
    ),
    unit,
    atMost: whole()
      .describe('How much a period at most; without end if left out.')
      .optional(),
    ...expiry,
  })
    .describe(
      'Pays a part of the metric, rounded half to even. It needs settlesAfterDays.',
    )
    .optional(),
})
  .describe('What is counted, and what it pays.')
  .meta(exactlyOne(PAYOUTS));

const window = {
  from: instant.describe('The first moment that is in it.'),
  until: instant.describe('The first moment that is no longer in it.'),
};

/** A program file, field by field; what fields must agree on is in `disagreements`. */
export const programSchema = fields({
  program: name.describe('Its name, for good.'),
  version: whole().describe(
    'Raise it with every change: a published version never changes.',
  ),
  title: fields({
    zh: title.describe('In Chinese.'),
    en: title.describe('In English.'),
  }).describe('What merchants read.'),
  timeZone: timeZone
    .describe('IANA name: where days, weeks and months begin.')
    .default('Asia/Shanghai'),
  window: fields(window)
    .describe('When what merchants do counts; always if left out.')
    .optional(),
  stages: list(fields({ stage: name.describe('Its name.'), ...window }), 32)
    .describe(
      'Named parts of the window, in order, for goals whose period is stage.',
    )
    .default([]),
  startsAt: instant
    .describe(
      'From when this version holds in the place of the one before; ever since if left out.',
    )
    .optional(),
  progress: oneOf(['carriesOver', 'startsAnew'])
    .describe(
      'Whether merchants go on from where the version before left them, or begin again.',
    )
    .default('carriesOver'),
  eligible: eligible
    .describe(
      'Who is rewarded, as a CEL expression over now and merchant: isRegistered, registeredAt, ' +
        'daysSinceRegistration, category, followers, hasStreamed, firstStreamAt, hasSold, firstSaleAt, ' +
        'isFlagged. Everybody if left out.',
    )
    .optional(),
  graceHours: whole(MAX_GRACE_HOURS, 0)
    .describe(
      'How long after its period ended what arrives late still counts; until it is forgotten if left out.',
    )
    .optional(),
  takeBack: fields({
    refunds: oneOf(TAKE_BACKS)
      .describe(
        'Where refunds lower the metric: what was paid stays, the difference goes, or all that the goal paid in ' +
          'the period.',
      )
      .default('never'),
    flags: oneOf(TAKE_BACKS)
      .describe(
        'The same where a risk flag lowers it; with all, a flagged merchant loses all of the program.',
      )
      .default('never'),
    flaggedFrom: oneOf(['flag', 'start'])
      .describe(
        "Whether a flagged session or merchant stops counting from the flag's time on, or altogether.",
      )
      .default('flag'),
  })
    .describe('What happens to what was paid when the metric falls again.')
    .prefault({}),
  pools: pools.describe(
    'The budget by unit. Those of a new version come on top of what is left.',
  ),
  caps: list(
    fields({
      unit,
      amount: whole().describe('At most so much a merchant and period.'),
      period: oneOf(CAP_PERIODS).describe('Of the moment of paying.'),
    }),
    16,
  )
    .describe('What one merchant gets at most, over all goals.')
    .default([]),
  goals: list(goal, 32).describe('What is counted and rewarded.'),
});

export type ProgramFields = z.output<typeof programSchema>;
export type GoalFields = ProgramFields['goals'][number];
