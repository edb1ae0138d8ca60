import fc from 'fast-check';
import { CHANNELS, PLACEMENTS, UNITS } from '@app/contracts';
import { anyLimits } from '../../../contracts/test/arbitraries.js';
import type { Cause } from '../cause.js';
import { amountText } from './amounts.js';
import { explainedEntry } from './explain-entry.js';
import type { ExplainableEntry } from './explained.js';

const GAP = /undefined|null|NaN|\[object|Invalid/;

const anyName = fc
  .stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
  .filter((name) => !GAP.test(name));
const anyAmount = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
/** Within what JSON keeps, or beyond it as a string. */
const anyInteger = fc.oneof(fc.maxSafeNat(), anyAmount.map(String));
const anySigned = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String),
);
const anyInstant = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2100-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const anyTime = anyInstant.map((instant) => instant.toISOString());
const anyUnit = fc.constantFrom(...UNITS);
const anyEvent = fc.record({
  topic: anyName,
  partition: fc.nat(64),
  offset: fc.nat().map(String),
  source: anyName,
  id: anyName,
});
const anyPeriod = fc.oneof(
  fc.constantFrom(
    'window',
    'lifetime',
    'day:2024-11-11',
    'week:2024-11-11',
    'month:2024-11',
  ),
  anyName.map((name) => `session:${name}`),
  anyName.map((name) => `stage:${name}`),
  anyName,
);
const anyMetric = fc.oneof(
  fc.constantFrom(
    'orders',
    'gmvMinor',
    'liveSeconds',
    'firstStream',
    'firstSale',
    'toString',
  ),
  anyName,
);

const given = <Type extends Cause['type']>(
  type: Type,
  model: {
    [
      Name in Exclude<keyof Extract<Cause, { type: Type }>, 'type'>
    ]-?: fc.Arbitrary<Extract<Cause, { type: Type }>[Name] | undefined>;
  },
): fc.Arbitrary<Cause> =>
  fc
    .record(model as Record<string, fc.Arbitrary<unknown>>)
    .map((fields) => withoutMissing({ type, ...fields }));

function withoutMissing(fields: object): Cause {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as Cause;
}

const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.option(value, { nil: undefined });
const anyRule = { program: anyName, version: fc.integer({ min: 1 }) };
const anyAgreement = {
  reason: fc.constantFrom('', '补偿', 'made good'),
  proposalId: anyName,
  proposedBy: anyName,
  proposedAt: anyTime,
  approvedBy: anyName,
  approvedAt: anyTime,
};

/** A cause of each type; a type that is missing here does not compile. */
const CAUSES: { [Type in Cause['type']]: fc.Arbitrary<Cause> } = {
  program_published: given('program_published', {
    ...anyRule,
    unit: maybe(anyUnit),
    programHash: anyName,
  }),
  pool_leased: given('pool_leased', {
    step: fc.constantFrom('lend', 'borrow', 'return', 'reclaim'),
    program: anyName,
    unit: anyUnit,
    fromShard: fc.nat(64),
    toShard: fc.nat(64),
    left: maybe(anyInteger),
    needed: maybe(anyInteger),
    because: maybe(fc.constantFrom('over', 'unused')),
  }),
  goal_reached: given('goal_reached', {
    ...anyRule,
    goal: anyName,
    tier: fc.oneof(fc.constantFrom('every', 'rate'), anyName),
    period: anyPeriod,
    timeZone: maybe(anyName),
    metric: anyMetric,
    channels: maybe(fc.subarray([...CHANNELS], { minLength: 1 })),
    secondsADay: maybe(anyInteger),
    value: anySigned,
    threshold: anyInteger,
    atMost: maybe(anyInteger),
    promised: anyInteger,
    deserved: maybe(anyInteger),
    promisedBefore: maybe(anyInteger),
    poolRanDry: fc.boolean(),
    capped: maybe(fc.constant(true as const)),
    draw: maybe(fc.record({ from: anyInteger, to: anyInteger, seed: anyName })),
    partsPerMillion: maybe(anyInteger),
    keptBack: maybe(anyInteger),
    expiresAt: maybe(anyTime),
    settledAt: maybe(anyTime),
    events: fc.array(anyEvent),
  }),
  reward_taken_back: given('reward_taken_back', {
    ...anyRule,
    goal: anyName,
    period: anyPeriod,
    metric: anyMetric,
    value: anySigned,
    rule: fc.constantFrom('difference', 'all'),
    because: fc.constantFrom('refund', 'flag', 'correction'),
    unit: anyUnit,
    amount: anyInteger,
    lots: fc.array(fc.record({ lotId: anyName, amount: anyInteger })),
    owed: maybe(anyInteger),
    events: fc.array(anyEvent),
  }),
  lot_taken_back: given('lot_taken_back', {
    lotId: anyName,
    program: anyName,
    decidedBy: anyName,
    asked: anyInteger,
    owed: maybe(anyInteger),
  }),
  promotion_ordered: given('promotion_ordered', {
    promotionOrderId: anyName,
    placement: fc.constantFrom(...PLACEMENTS),
    sessionId: maybe(anyName),
    videoId: maybe(anyName),
    impressions: anyInteger,
    deadline: anyTime,
    decision: fc.record({ policy: anyName, spendable: anyInteger }),
  }),
  promotion_delivered: given('promotion_delivered', {
    promotionOrderId: anyName,
    reportedImpressions: anyInteger,
    clicks: fc.maxSafeNat(),
    orders: fc.maxSafeNat(),
    gmvMinor: fc.maxSafeNat(),
    event: anyEvent,
  }),
  promotion_closed: given('promotion_closed', {
    promotionOrderId: anyName,
    reason: fc.constantFrom(
      'completed',
      'session_ended',
      'cancelled',
      'rejected',
      'deadline_passed',
      'switched_off',
      'limits_changed',
    ),
    event: fc.option(anyEvent),
  }),
  lot_expired: given('lot_expired', {
    lotId: anyName,
    program: anyName,
    expiresAt: anyTime,
  }),
  auto_promotion_switched: given('auto_promotion_switched', {
    enabled: fc.boolean(),
    by: anyName,
    limits: maybe(anyLimits),
    onlyLimits: maybe(fc.constant(true as const)),
    event: anyEvent,
  }),
  adjusted: fc
    .record({
      ...anyAgreement,
      adjustment: fc.constantFrom(
        'give',
        'take_back',
        'budget',
        'cash',
        'payout',
      ),
      program: anyName,
      asked: anySigned,
      lotId: maybe(anyName),
      expiresAt: maybe(anyTime),
      keptBack: maybe(anyInteger),
      owed: maybe(anyInteger),
    })
    .map((fields) => withoutMissing({ type: 'adjusted', ...fields })),
};

const anyEntry: fc.Arbitrary<ExplainableEntry> = fc.record({
  merchantId: fc.option(anyName),
  occurredAt: anyInstant,
  postings: fc
    .option(fc.record({ unit: anyUnit, amount: anyAmount }))
    .map((moved) =>
      moved ? [{ ...moved, amount: -moved.amount }, moved] : [],
    ),
  cause: fc.oneof(...Object.values(CAUSES)),
});

describe('explaining any entry', () => {
  it('names the amount with its unit, and leaves no gap', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const { explanation, amounts } = explainedEntry(entry);
        for (const language of ['zh', 'en'] as const) {
          const said = explanation[language];
          expect(said).not.toMatch(GAP);
          if (entry.cause.type === 'auto_promotion_switched') continue;
          for (const unit of UNITS) {
            const amount = amounts[unit];
            if (amount !== undefined)
              expect(said).toContain(amountText({ amount, unit })[language]);
          }
        }
      }),
    );
  });
});
