import type {
  Allocation,
  MerchantSlot,
  SlotOutcome,
  SpendableLot,
  SpendingPolicy,
} from '@app/promotion';
import { runPolicy } from './run-policy.js';
import { DAY_MS, HOUR_MS, lot, slot, trace } from './test/small-traces.js';

/** Gives what it is told to, and notes what it is told. */
class Told implements SpendingPolicy {
  readonly calls: string[] = [];
  readonly slots: MerchantSlot[] = [];
  readonly outcomes: SlotOutcome[] = [];

  constructor(
    private readonly give: (
      slot: MerchantSlot,
      lots: readonly SpendableLot[],
    ) => Allocation[] = () => [],
  ) {}

  meet(merchantId: string, category: string): void {
    this.calls.push(`meet ${merchantId} ${category}`);
  }

  decide(slot: MerchantSlot, lots: readonly SpendableLot[]): Allocation[] {
    this.slots.push(slot);
    this.calls.push(
      `decide ${slot.targetId} ${lots.map(({ lotId }) => lotId).join()}`,
    );
    return this.give(slot, lots);
  }

  learn(slot: MerchantSlot, outcome: SlotOutcome): void {
    this.outcomes.push(outcome);
    this.calls.push(`learn ${slot.targetId}`);
  }
}

const all = (_: MerchantSlot, [first]: readonly SpendableLot[]) =>
  first ? [{ lotId: first.lotId, impressions: first.available }] : [];
const give = (lotId: string, impressions: number) => () => [
  { lotId, impressions },
];

describe('a policy in a trace', () => {
  it('learns outcomes first, then gets lots, then is asked for slots in their order', () => {
    const policy = new Told(all);
    runPolicy(
      trace(
        [lot({}), lot({ lotId: 'l2', atMs: HOUR_MS })],
        [
          slot({}),
          slot({ targetId: 's2', atMs: HOUR_MS }),
          slot({ targetId: 's3', atMs: HOUR_MS }),
        ],
      ),
      policy,
    );
    expect(policy.calls).toEqual([
      'meet m1 food',
      'decide s1 l1',
      'learn s1',
      'decide s2 l2',
      'decide s3 ',
      'learn s2',
    ]);
  });

  it('sees of a slot what is known when it begins, and no more', () => {
    const policy = new Told();
    runPolicy(trace([], [slot({})]), policy);
    expect(policy.slots).toEqual([
      {
        merchantId: 'm1',
        placement: 'live',
        targetId: 's1',
        targetKind: 'session',
        atMs: 0,
        untilMs: HOUR_MS,
        capacity: 1_000,
      },
    ]);
  });

  it('sees what a clip shows of its stream, where that was recorded', () => {
    const policy = new Told();
    const clip = {
      placement: 'short_video',
      targetKind: 'clip',
      clipKind: 'teaser',
    } as const;
    runPolicy(trace([], [slot(clip)]), policy);
    expect(policy.slots).toMatchObject([clip]);
  });

  it('is shown what its merchant has left, of any unit, from when it is there until it expires, first-expiring first', () => {
    const policy = new Told();
    runPolicy(
      trace(
        [
          lot({ lotId: 'later', expiresAtMs: 3 * DAY_MS }),
          lot({ lotId: 'live', unit: 'LIVE_IMP', expiresAtMs: 2 * DAY_MS }),
          lot({ lotId: 'video', unit: 'VIDEO_IMP', expiresAtMs: 2 * DAY_MS }),
          lot({ lotId: 'expired', expiresAtMs: DAY_MS }),
          lot({ lotId: 'not yet', atMs: DAY_MS + 1, expiresAtMs: 2 * DAY_MS }),
          lot({ lotId: 'of another', merchantId: 'm2' }),
        ],
        [
          slot({ atMs: DAY_MS }),
          slot({ targetId: 'v1', placement: 'short_video', atMs: DAY_MS }),
        ],
      ),
      policy,
    );
    expect(policy.calls.slice(-2)).toEqual([
      'decide s1 live,video,later',
      'decide v1 live,video,later',
    ]);
  });

  it('is shown lots that expire together in the order that they came, whatever was there before', () => {
    const policy = new Told();
    const ofDay = (lotId: string, atHour: number, days: number) =>
      lot({ lotId, atMs: atHour * HOUR_MS, expiresAtMs: days * DAY_MS });
    runPolicy(
      trace(
        [
          ofDay('b', 0, 2),
          ofDay('a', 0, 2),
          ofDay('d', 1, 2),
          ofDay('soon', 1, 1),
          ofDay('c', 1, 2),
        ],
        [slot({}), slot({ atMs: HOUR_MS }), slot({ atMs: 2 * HOUR_MS })],
      ),
      policy,
    );
    expect(policy.calls.filter((call) => call.startsWith('decide'))).toEqual([
      'decide s1 b,a',
      'decide s1 soon,b,a,d,c',
      'decide s1 soon,b,a,d,c',
    ]);
  });

  it('gets many lots with no more looks at each than sorting takes', () => {
    let looks = 0;
    const lots = Array.from({ length: 2_000 }, (_, i) =>
      Object.defineProperty(lot({ lotId: `l${i}` }), 'expiresAtMs', {
        get: () => {
          looks += 1;
          return DAY_MS + ((i * 7_919) % 2_000);
        },
      }),
    );
    runPolicy(trace(lots, [slot({}), slot({})]), new Told());
    // If each looked for its place among all others, there would be hundreds for each.
    expect(looks / lots.length).toBeLessThan(2 * Math.log2(lots.length) + 10);
  });

  it('is told of by lots and slots, also while none but lots come', () => {
    const lots = Array.from({ length: 2_500 }, (_, i) =>
      lot({ lotId: `l${i}` }),
    );
    const late = lot({ lotId: 'late', atMs: DAY_MS, expiresAtMs: 2 * DAY_MS });
    const told: [done: number, total: number][] = [];
    runPolicy(
      trace([...lots, late], [slot({}), slot({})]),
      new Told(),
      (...done) => told.push(done),
    );
    expect(told).toEqual(
      [0, 1_000, 2_000, 2_501, 2_502, 2_503].map((done) => [done, 2_503]),
    );
  });

  it('earns what the segments bring in their order, times noise, rounded once', () => {
    const policy = new Told(give('l1', 150));
    const run = runPolicy(
      trace(
        [lot({})],
        [
          slot({
            noise: 1.5,
            segments: [
              { impressions: 100, gmvMinorPerThousand: 77 },
              { impressions: 100, gmvMinorPerThousand: 33 },
            ],
          }),
        ],
      ),
      policy,
    );
    // (7.7 + 1.65) * 1.5 = 14.025
    expect(policy.outcomes).toEqual([{ impressions: 150, gmvMinor: 14 }]);
    expect(run).toMatchObject({
      impressionsBySlot: Float64Array.of(150),
      gmvMinorBySlot: Float64Array.of(14),
      leftByLot: Float64Array.of(850),
    });
  });

  it.each([
    ['more than a lot has', give('l1', 901), 'gives 901 of l1, which has 900'],
    ['more than fits', give('l2', 1_001), 'gives 1001 where 1000 fit'],
    ['what it may not', give('l3', 1), 'gives of l3, which it may not'],
    ['parts of impressions', give('l1', 0.5), 'gives 0.5 of l1'],
    ['less than nothing', give('l1', -1), 'gives -1 of l1'],
    [
      'one lot twice',
      () => [...give('l1', 500)(), ...give('l1', 401)()],
      'gives 401 of l1, which has 400',
    ],
  ])('is stopped when it gives %s', (_, policy, message) => {
    const lots = [
      lot({ amount: 900 }),
      lot({ lotId: 'l2', amount: 5_000 }),
      lot({ lotId: 'l3', unit: 'VIDEO_IMP' }),
    ];
    expect(() => runPolicy(trace(lots, [slot({})]), new Told(policy))).toThrow(
      message,
    );
  });
});
