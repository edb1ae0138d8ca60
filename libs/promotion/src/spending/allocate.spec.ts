import fc from 'fast-check';
import { allocate, type SpendingDecision } from './allocate.js';
import {
  newMerchantMemory,
  newSharedMemory,
  type MerchantMemory,
  type SharedMemory,
} from './memory.js';
import { learnResponse } from './response.js';
import type { Slot, SpendableLot } from './spending-policy.js';
import { mayBeSpentIn } from './units.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.parse('2026-10-20T20:00:00+08:00');

function slot(fields: Partial<Slot> = {}): Slot {
  const { atMs = START_MS, placement = 'live' } = fields;
  return {
    placement,
    targetId: 's1',
    targetKind: placement === 'live' ? 'session' : 'video',
    atMs,
    untilMs: atMs + HOUR_MS,
    capacity: 10_000,
    ...fields,
  };
}

function lot(fields: Partial<SpendableLot> = {}): SpendableLot {
  return {
    lotId: 'l1',
    unit: 'ANY_IMP',
    expiresAtMs: START_MS + 7 * DAY_MS,
    available: 5_000,
    ...fields,
  };
}

interface Memories {
  merchant: MerchantMemory;
  shared: SharedMemory;
}

function newMemories(): Memories {
  return { merchant: newMerchantMemory('food'), shared: newSharedMemory() };
}

function given({ allocations }: SpendingDecision): number {
  return allocations.reduce((sum, { impressions }) => sum + impressions, 0);
}

/** A merchant with a stream every evening for three weeks, which brought what is usual. */
function streamer(): Memories {
  const memories = newMemories();
  for (let day = -21; day < 0; day += 1) {
    const evening = slot({
      targetId: `s${day}`,
      atMs: START_MS + day * DAY_MS,
    });
    allocate(evening, [], memories.merchant, memories.shared);
    learnResponse(
      evening,
      { impressions: 1_000, gmvMinor: 3_000 },
      memories.merchant,
      memories.shared,
    );
  }
  return memories;
}

const decide = (
  { merchant, shared }: Memories,
  lots: SpendableLot[],
  at = {},
) => allocate(slot(at), lots, merchant, shared);

describe('spending', () => {
  it('gives nothing where nothing is left, and knows no price', () => {
    expect(decide(newMemories(), [])).toMatchObject({
      allocations: [],
      ownPrice: null,
      anyPrice: null,
    });
  });

  it('presses a lot that expires before more room can come', () => {
    const soon = lot({ expiresAtMs: START_MS + HOUR_MS / 2 });
    expect(given(decide(streamer(), [soon]))).toBe(5_000);
    expect(given(decide(streamer(), [lot()]))).toBeLessThan(2_500);
  });

  it('gives a slot that promises more than others more of it', () => {
    const memories = streamer();
    const good = slot({ targetId: 'good' });
    learnResponse(
      good,
      { impressions: 1_000, gmvMinor: 30_000 },
      memories.merchant,
      memories.shared,
    );
    const usual = given(decide(streamer(), [lot()]));
    const better = given(decide(memories, [lot()], { targetId: 'good' }));
    expect(better).toBeGreaterThan(usual);
  });

  it('tries a slot of which little is expected with a few impressions', () => {
    const memories = streamer();
    for (let n = 0; n < 5; n += 1)
      learnResponse(
        slot({ targetId: 'bad' }),
        { impressions: 1_000, gmvMinor: 30 },
        memories.merchant,
        memories.shared,
      );
    expect(given(decide(memories, [lot()], { targetId: 'bad' }))).toBe(10);
  });

  it('takes the first-expiring first among lots of a price, and spends what fits here alone ahead of what fits both', () => {
    const { allocations } = decide(newMemories(), [
      lot({
        lotId: 'any',
        expiresAtMs: START_MS + HOUR_MS / 4,
        available: 900,
      }),
      lot({ lotId: 'a', unit: 'LIVE_IMP', expiresAtMs: START_MS + 2 * DAY_MS }),
      lot({ lotId: 'b', unit: 'LIVE_IMP', expiresAtMs: START_MS + 3 * DAY_MS }),
    ]);
    const order = allocations.map(({ lotId }) => lotId);
    expect(order).toContain('any');
    expect(order.filter((id) => id !== 'any')).toEqual(
      ['a', 'b'].slice(0, order.length - 1),
    );
  });

  it('asks a lower price the more there is to spend', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (less, more) => {
        const price = (available: number) =>
          decide(streamer(), [lot({ available: 1 + available })]).anyPrice!;
        expect(price(less + more)).toBeLessThanOrEqual(price(less) * 1.0001);
      }),
      { numRuns: 30 },
    );
  });
});

const steps = fc.array(
  fc.record({
    passedMs: fc.integer({ min: 0, max: 2 * DAY_MS }),
    placement: fc.constantFrom('live' as const, 'short_video' as const),
    targetKind: fc.constantFrom(
      'session' as const,
      'video' as const,
      'clip' as const,
    ),
    targetId: fc.constantFrom('a', 'b', 'c'),
    capacity: fc.oneof(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constant(Number.MAX_SAFE_INTEGER),
    ),
    gmvMinor: fc.nat(1e9),
    lots: fc.array(
      fc.record({
        unit: fc.constantFrom(
          'LIVE_IMP' as const,
          'VIDEO_IMP' as const,
          'ANY_IMP' as const,
        ),
        lifeMs: fc.integer({ min: 1, max: 40 * DAY_MS }),
        available: fc.oneof(
          fc.integer({ min: 1, max: 1e6 }),
          fc.constant(Number.MAX_SAFE_INTEGER),
        ),
      }),
      { maxLength: 5 },
    ),
  }),
  { maxLength: 12 },
);

type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** Takes memories through the steps, learning from each, and calls back ahead of each. */
function spend(
  all: Steps,
  look: (
    slot: Slot,
    lots: readonly SpendableLot[],
    decision: SpendingDecision,
  ) => void,
  between: (memories: Memories) => Memories = (memories) => memories,
): Memories {
  let memories = newMemories();
  let atMs = START_MS;
  for (const { passedMs, lots, gmvMinor, ...fields } of all) {
    memories = between(memories);
    atMs += passedMs;
    const here = slot({ ...fields, atMs });
    const left = lots
      .map(({ lifeMs, ...rest }, index) => ({
        ...rest,
        lotId: `l${index}`,
        expiresAtMs: atMs + lifeMs,
      }))
      .sort((a, b) => a.expiresAtMs - b.expiresAtMs);
    const { merchant, shared } = memories;
    const decision = allocate(here, left, merchant, shared);
    look(here, left, decision);
    const impressions = given(decision);
    learnResponse(here, { impressions, gmvMinor }, merchant, shared);
  }
  return memories;
}

it('one order of a car says little of what all others of the shard sell', () => {
  const { merchant, shared } = streamer();
  const usual = shared.noise.live;
  const large = slot({ capacity: 50_000 });
  const car = { impressions: 50_000, gmvMinor: 20_000_000, orders: 9 };
  learnResponse(large, car, merchant, shared);
  expect(shared.noise.live).toBeLessThan(2 * usual);
});

describe('whatever comes, spending', () => {
  it('gives whole impressions of usable lots, at most what each has and the slot takes, first-expiring first', () => {
    fc.assert(
      fc.property(steps, (all) => {
        spend(all, (here, lots, decision) => {
          const byId = new Map(lots.map((one) => [one.lotId, one]));
          const { allocations } = decision;
          expect(given(decision)).toBeLessThanOrEqual(here.capacity);
          expect(new Set(allocations.map(({ lotId }) => lotId)).size).toBe(
            allocations.length,
          );
          for (const { lotId, impressions } of allocations) {
            const { unit, available, expiresAtMs } = byId.get(lotId)!;
            expect(Number.isSafeInteger(impressions)).toBe(true);
            expect(impressions).toBeGreaterThan(0);
            expect(impressions).toBeLessThanOrEqual(available);
            expect(mayBeSpentIn(unit, here.placement)).toBe(true);
            const used = new Map(
              allocations.map((one) => [one.lotId, one.impressions]),
            );
            const passedOver = lots.filter(
              (one) =>
                one.unit === unit &&
                one.expiresAtMs < expiresAtMs &&
                (used.get(one.lotId) ?? 0) < one.available,
            );
            expect(passedOver).toEqual([]);
          }
        });
      }),
    );
  });

  it('decides the same again, also where memories were written down and read between any two steps', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const run = (between?: (memories: Memories) => Memories) => {
          const decisions: SpendingDecision[] = [];
          const memories = spend(
            all,
            (_, __, decision) => decisions.push(decision),
            between,
          );
          return JSON.stringify({ decisions, memories });
        };
        const once = run();
        expect(run()).toBe(once);
        expect(run((memories) => JSON.parse(JSON.stringify(memories)))).toBe(
          once,
        );
      }),
    );
  });

  it('knows finite rates and prices', () => {
    fc.assert(
      fc.property(steps, (all) => {
        spend(all, (_, __, { rate, rateSpread, ownPrice, anyPrice }) => {
          for (const figure of [rate, rateSpread, ownPrice ?? 0, anyPrice ?? 0])
            expect(Number.isFinite(figure) && figure >= 0).toBe(true);
        });
      }),
    );
  });
});

it.each([
  { apart: 'an hour', apartMs: HOUR_MS, mostBytes: 20_000 },
  { apart: 'a second', apartMs: 1_000, mostBytes: 70_000 },
])(
  'what is remembered of a merchant is bounded, also where there is another video $apart after the one before',
  ({ apartMs, mostBytes }) => {
    const { merchant, shared } = newMemories();
    const sizes: number[] = [];
    for (let n = 0; n < 4_000; n += 1) {
      const video = slot({
        placement: n % 3 ? 'short_video' : 'live',
        targetId: `v${n}`,
        targetKind: n % 3 ? 'video' : 'session',
        atMs: START_MS + n * apartMs,
      });
      allocate(video, [lot({ expiresAtMs: video.untilMs })], merchant, shared);
      learnResponse(video, { impressions: 9, gmvMinor: n }, merchant, shared);
      if (n % 1_000 === 999) sizes.push(JSON.stringify(merchant).length);
    }
    expect(Math.max(...sizes)).toBeLessThan(mostBytes);
    expect(sizes[3]! / sizes[1]!).toBeLessThan(1.1);
  },
);

it('what is remembered of all merchants is bounded, however many categories there are', () => {
  const shared = newSharedMemory();
  const sizes: number[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    const merchant = newMerchantMemory(`category ${n}`);
    allocate(slot(), [lot()], merchant, shared);
    learnResponse(slot(), { impressions: 9, gmvMinor: n }, merchant, shared);
    if (n % 500 === 499) sizes.push(Object.keys(shared.effects).length);
  }
  expect(sizes[1]).toBe(sizes[0]);
});
