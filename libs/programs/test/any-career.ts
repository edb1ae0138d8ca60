import fc from 'fast-check';
import { CHANNELS } from '@app/contracts';
import { anyTimeMs } from './any-time.js';

const MOST = Number.MAX_SAFE_INTEGER;

const anyAmount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 60_000 }) },
  { weight: 1, arbitrary: fc.constant(MOST) },
);
const anySessionId = fc.constantFrom('s1', 's2', 's3', 's4');
const anyVideoId = fc.constantFrom('v1', 'v2', 'v3', 'v4');
const anyProductId = fc.constantFrom('p1', 'p2', 'p3', 'p4');

/** Where an order or a follower came from; orders and followers may name a session that nobody heard of. */
const anyOrigin = fc.record(
  {
    channel: fc.constantFrom(...CHANNELS),
    sessionId: anySessionId,
    videoId: anyVideoId,
  },
  { requiredKeys: ['channel'] },
);

const anyPayment = fc.record({
  atMs: anyTimeMs,
  amountMinor: anyAmount,
  origin: anyOrigin,
  product: fc.record({ productId: anyProductId }, { requiredKeys: [] }),
});

/** Payments, and refunds before, between or after them; now and then the payments never come. */
const anyOrder = fc
  .record({
    payments: fc.array(anyPayment, { maxLength: 3 }),
    refunded: fc.constantFrom('no', 'no', 'in part', 'whole', 'anything'),
    refundTimesMs: fc.tuple(anyTimeMs, anyTimeMs, anyTimeMs),
    amounts: fc.array(fc.nat({ max: 20 }), { maxLength: 3 }),
    freight: fc.record(
      { returnFreightMinor: fc.nat({ max: 1200 }) },
      { requiredKeys: [] },
    ),
  })
  .map(({ payments, refundTimesMs, freight, ...order }) => ({
    payments,
    refunds: refundedAmounts({ payments, ...order }).map((amountMinor, i) => ({
      atMs: refundTimesMs[i]!,
      data: { amountMinor, ...freight },
    })),
  }));

const anySession = fc.record({
  startMs: anyTimeMs,
  durationSeconds: fc.oneof(
    fc.constantFrom(0, 1, 3599, 3600, 3601, 24 * 3600),
    fc.integer({ min: 0, max: 8 * 3600 }),
    fc.integer({ min: 0, max: 60 * 3600 }),
  ),
  /** How long after its end it is said to have ended. */
  noticedAfterSeconds: fc.constantFrom(0, 0, 0, 5, 3600),
  heardOf: fc.constantFrom('both', 'both', 'both', 'start', 'end'),
  followers: fc.nat({ max: 300 }),
});

/** What one merchant does. */
export const anyCareer = fc.record({
  registered: fc.option(
    fc.record({
      atMs: anyTimeMs,
      category: fc.constantFrom('food', 'toys'),
      followers: fc.nat({ max: 300 }),
    }),
  ),
  orders: fc.array(anyOrder, { maxLength: 8 }),
  sessions: fc.array(anySession, { maxLength: 4 }),
  followers: fc.array(
    fc.record({
      atMs: anyTimeMs,
      count: fc.integer({ min: 1, max: 40 }),
      origin: anyOrigin,
    }),
    { maxLength: 5 },
  ),
  videos: fc.array(fc.record({ atMs: anyTimeMs, videoId: anyVideoId }), {
    maxLength: 5,
  }),
  products: fc.array(fc.record({ atMs: anyTimeMs, productId: anyProductId }), {
    maxLength: 5,
  }),
  ads: fc.array(fc.record({ atMs: anyTimeMs, amountMinor: anyAmount }), {
    maxLength: 3,
  }),
  flags: fc.array(
    fc.record({
      atMs: anyTimeMs,
      kind: fc.constantFrom('order', 'order', 'session', 'session', 'merchant'),
      number: fc.integer({ min: 1, max: 8 }),
    }),
    { maxLength: 2 },
  ),
  switchedMs: fc.array(anyTimeMs, { maxLength: 1 }),
});

export type Career =
  typeof anyCareer extends fc.Arbitrary<infer Value> ? Value : never;

function refundedAmounts({
  payments,
  refunded,
  amounts,
}: {
  payments: readonly { amountMinor: number }[];
  refunded: string;
  amounts: readonly number[];
}): number[] {
  switch (refunded) {
    case 'in part': {
      // One fen at least stays.
      const paid = payments.reduce((sum, each) => sum + each.amountMinor, 0);
      let left = Math.max(0, Math.min(paid, MOST) - 1);
      return amounts.map((amount) => {
        const taken = Math.min(amount, left);
        left -= taken;
        return taken;
      });
    }
    case 'whole':
      return payments.map(({ amountMinor }) => amountMinor);
    case 'anything':
      return [...amounts];
    default:
      return [];
  }
}
