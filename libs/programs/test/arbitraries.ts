import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import { CHANNELS } from '@app/contracts';
import { paid, refunded } from './activity.js';
import { ORDER_LADDER, smallGoal } from './programs.js';

const SUNDAY_MS = Date.parse('2024-11-10T00:00:00+08:00');

/** Few merchants, orders and days, so that orders are paid twice, refunded early, and cross weeks. */
const anyEvent: fc.Arbitrary<ActivityEvent> = fc
  .record({
    type: fc.constantFrom('paid', 'paid', 'paid', 'refunded'),
    merchantId: fc.constantFrom('m1', 'm2'),
    order: fc.integer({ min: 1, max: 30 }),
    hour: fc.integer({ min: 0, max: 9 * 24 }),
    amountMinor: fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 60_000 }),
      fc.constantFrom(50_000, 500_000, Number.MAX_SAFE_INTEGER),
    ),
    channel: fc.constantFrom(...CHANNELS),
  })
  .map(({ type, order, hour, amountMinor, merchantId, channel }) => {
    const time = new Date(SUNDAY_MS + hour * 3_600_000).toISOString();
    return type === 'paid'
      ? paid(`o${order}`, time, amountMinor, { merchantId, channel })
      : refunded(`o${order}`, time, amountMinor, { merchantId });
  });

export const anyEvents = fc.array(anyEvent, {
  maxLength: 60,
  size: 'max',
});

/** The platform's own program, and one whose pool does not last. */
export const PROGRAMS = [
  ORDER_LADDER,
  smallGoal(
    { channels: ['live', 'shelf'], tiers: ladderOf(1, 2, 5) },
    { pools: { ANY_IMP: 777, CNY: 5_000 } },
  ),
];

/** How a list is cut into batches: the lengths of the first ones. */
export const anyCuts = fc.array(fc.integer({ min: 1, max: 9 }), {
  maxLength: 12,
});

/** Batches of these lengths, and one of the rest. */
export function cut<Item>(
  items: readonly Item[],
  lengths: readonly number[],
): Item[][] {
  const rest = [...items];
  return [...lengths.map((length) => rest.splice(0, length)), rest];
}

function ladderOf(...thresholds: number[]) {
  return thresholds.map((at) => ({
    tier: `at-${at}`,
    at,
    rewards: [
      { unit: 'ANY_IMP', amount: 100 * at, expiresAfterDays: 7 },
      { unit: 'CNY', amount: 9 * at, expiresAfterDays: 7 },
    ],
  }));
}
