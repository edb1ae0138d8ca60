import * as fc from 'fast-check';
import type { MerchantSlot, SpendableLot } from '@app/promotion';
import { runPolicy } from '../run-policy.js';
import {
  anySmallTrace,
  DAY_MS,
  HOUR_MS,
  lot,
  MERCHANT_ID,
  slot,
  trace,
} from '../test/small-traces.js';
import { BASELINES } from './index.js';

describe('every baseline', () => {
  it('gives no more than lots have and slots take', () => {
    fc.assert(
      fc.property(
        anySmallTrace,
        fc.constantFrom(...Object.values(BASELINES)),
        (small, make) => {
          runPolicy(small, make());
        },
      ),
    );
  });
});

const daily = (days: number, fields: Parameters<typeof slot>[0] = {}) =>
  Array.from({ length: days }, (_, day) =>
    slot({ ...fields, atMs: day * DAY_MS }),
  );
const tenDays = lot({ amount: 1_000, expiresAtMs: 10 * DAY_MS });

describe('the even split', () => {
  it('gives each of like slots about the same, and all by the end', () => {
    const { impressionsBySlot, leftByLot } = runPolicy(
      trace([tenDays], daily(10)),
      BASELINES.evenSplit(),
    );
    expect(leftByLot[0]).toBe(0);
    for (const given of impressionsBySlot.slice(1, -1)) {
      expect(given).toBeGreaterThan(50);
      expect(given).toBeLessThan(200);
    }
  });

  it('goes by time: a slot twice as long gets about twice as much', () => {
    const slots = daily(20).map((one, day) =>
      slot({ ...one, untilMs: one.atMs + (1 + (day % 2)) * HOUR_MS }),
    );
    const { impressionsBySlot } = runPolicy(
      trace([lot({ amount: 5_000, expiresAtMs: 30 * DAY_MS })], slots),
      BASELINES.evenSplit(),
    );
    const [short, long] = impressionsBySlot.slice(10, 12);
    expect(long! / short!).toBeGreaterThan(1.6);
    expect(long! / short!).toBeLessThan(2.4);
  });
});

it('in proportion to capacity, a slot that takes three times as much gets about that', () => {
  const slots = daily(20).map((one, day) =>
    slot({
      ...one,
      ...(day % 2 ? { capacity: 3_000, segments: roomFor(3_000) } : {}),
    }),
  );
  const { impressionsBySlot } = runPolicy(
    trace([lot({ amount: 5_000, expiresAtMs: 30 * DAY_MS })], slots),
    BASELINES.proportionalToCapacity(),
  );
  const [one, three] = impressionsBySlot.slice(10, 12);
  expect(three! / one!).toBeGreaterThan(2.2);
  expect(three! / one!).toBeLessThan(3.5);
});

it('as soon as possible, slots are filled as they come', () => {
  const { impressionsBySlot } = runPolicy(
    trace([lot({ amount: 1_500, expiresAtMs: 10 * DAY_MS })], daily(3)),
    BASELINES.asSoonAsPossible(),
  );
  expect([...impressionsBySlot]).toEqual([1_000, 500, 0]);
});

it('live first, videos get of what fits both only what expires within a day, and nothing is taken of another unit', () => {
  const policy = BASELINES.liveFirst();
  const lots: SpendableLot[] = [
    { lotId: 'today', unit: 'ANY_IMP', expiresAtMs: DAY_MS - 1, available: 1 },
    { lotId: 'video', unit: 'VIDEO_IMP', expiresAtMs: DAY_MS, available: 2 },
    { lotId: 'later', unit: 'ANY_IMP', expiresAtMs: DAY_MS, available: 3 },
  ];
  const given = (fields: Partial<MerchantSlot>) =>
    policy.decide(slot(fields), lots).map(({ lotId }) => lotId);
  expect(given({ placement: 'short_video' })).toEqual(['today', 'video']);
  expect(given({})).toEqual(['today', 'later']);
});

describe('greedy on the observed rate', () => {
  function taught() {
    const policy = BASELINES.greedyOnObservedRate();
    policy.meet(MERCHANT_ID, 'food');
    policy.learn(slot({ targetId: 'good' }), { impressions: 9, gmvMinor: 90 });
    policy.learn(slot({ targetId: 'bad' }), { impressions: 9, gmvMinor: 9 });
    return (targetId: string, expiresAtMs: number) =>
      policy
        .decide(slot({ targetId, merchantId: MERCHANT_ID }), [
          { lotId: 'l1', unit: 'ANY_IMP', expiresAtMs, available: 5_000 },
        ])
        .map(({ impressions }) => impressions);
  }

  it('fills what was better than the mean, and gives little to what was worse', () => {
    const given = taught();
    expect(given('good', 2 * DAY_MS)).toEqual([1_000]);
    expect(given('bad', 2 * DAY_MS)).toEqual([100]);
  });

  it('judges a new target by its placement at that hour', () => {
    const given = taught();
    expect(given('new', 2 * DAY_MS)).toEqual([1_000]);
  });

  it('gives all that expires within a day', () => {
    expect(taught()('bad', DAY_MS - 1)).toEqual([1_000]);
  });
});

function roomFor(impressions: number) {
  return [{ impressions, gmvMinorPerThousand: 1 }];
}
