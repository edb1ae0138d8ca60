import fc from 'fast-check';
import type { SpendingPolicy } from '@app/promotion';
import { BASELINES } from './baselines/index.js';
import type { RecordedHistory } from './recorded-merchant.js';
import { recordedSlots, type RecordedOrder } from './recorded-slots.js';
import {
  anySmallTrace,
  DAY_MS,
  HOUR_MS,
  lot,
  MERCHANT_ID,
  slot,
  trace,
} from './test/small-traces.js';
import { whatIf } from './what-if.js';

const nothing = {
  spent: { live: 0, short_video: 0 },
  gmvMinor: 0,
  expired: 0,
  left: 0,
};

function history(...[lots, slots]: Parameters<typeof trace>): RecordedHistory {
  return {
    trace: trace(lots, slots),
    happened: nothing,
    ordersWithoutRoom: 0,
    limitsAt: () => ({}),
  };
}

const until = (atMs: number) => new Date(atMs).toISOString();

function order(fields: Partial<RecordedOrder>): RecordedOrder {
  return {
    placement: 'live',
    targetId: 's1',
    atMs: 0,
    slot: { kind: 'session', capacity: 5_000, until: until(HOUR_MS) },
    ordered: 2_000,
    delivered: 2_000,
    gmvMinor: 4_000,
    isClosed: true,
    ...fields,
  };
}

describe('slots of recorded orders', () => {
  it('earn what was earned, and beyond it at the mean rate of the target', () => {
    const slots = recordedSlots(MERCHANT_ID, [
      order({}),
      order({ delivered: 2_000, gmvMinor: 12_000 }),
    ]);
    expect(slots).toMatchObject([
      {
        capacity: 5_000,
        untilMs: HOUR_MS,
        segments: [
          { impressions: 2_000, gmvMinorPerThousand: 2_000 },
          { impressions: 3_000, gmvMinorPerThousand: 4_000 },
        ],
      },
      { segments: [{ gmvMinorPerThousand: 6_000 }, {}] },
    ]);
  });

  it('have no more room than came where less than ordered did', () => {
    expect(
      recordedSlots(MERCHANT_ID, [order({ delivered: 500, gmvMinor: 100 })]),
    ).toMatchObject([
      {
        capacity: 500,
        segments: [{ impressions: 500, gmvMinorPerThousand: 200 }],
      },
    ]);
  });

  it('are of the kind that a clip is', () => {
    const slot = {
      kind: 'clip',
      clipKind: 'teaser',
      capacity: '5000',
      until: until(HOUR_MS),
    } as const;
    expect(recordedSlots(MERCHANT_ID, [order({ slot })])).toMatchObject([
      { targetKind: 'clip', clipKind: 'teaser' },
    ]);
  });

  it('are not known of orders to which nothing came, or that planned none', () => {
    expect(
      recordedSlots(MERCHANT_ID, [
        order({ delivered: 0, gmvMinor: 0 }),
        order({ slot: null }),
      ]),
    ).toEqual([]);
  });
});

describe('what if', () => {
  const lots = [lot({ amount: 1_500 })];
  const slots = [
    slot({ placement: 'short_video', targetId: 'v1' }),
    slot({ atMs: HOUR_MS }),
  ];

  it('another policy ran: it is run over the same lots and slots', () => {
    const policy = BASELINES.asSoonAsPossible;
    expect(whatIf(history(lots, slots), { policy }, 2 * DAY_MS)).toMatchObject({
      spendable: 1_500,
      changed: {
        spent: { live: 500, short_video: 1_000 },
        gmvMinor: 750,
        expired: 0,
      },
    });
  });

  it('there were limits: they are kept', () => {
    const policy = BASELINES.asSoonAsPossible;
    const changedBy = (limits: object) =>
      whatIf(history(lots, slots), { policy, limits }, 2 * DAY_MS).changed;
    expect(changedBy({ placements: ['live'] })).toMatchObject({
      spent: { live: 1_000, short_video: 0 },
      expired: 500,
    });
    expect(changedBy({ dailyCapImpressions: 1_200 })).toMatchObject({
      spent: { live: 200, short_video: 1_000 },
    });
    expect(
      changedBy({
        dailyCapImpressions: 1_200,
        minimumImpressionsPerSession: 300,
      }),
    ).toMatchObject({ spent: { live: 0, short_video: 1_000 } });
  });

  it('lots that expire within the period are told from those that do not', () => {
    const policy = (): SpendingPolicy => ({
      meet: () => undefined,
      decide: () => [],
      learn: () => undefined,
    });
    expect(
      whatIf(
        history(
          [...lots, lot({ lotId: 'l2', expiresAtMs: 9 * DAY_MS })],
          slots,
        ),
        { policy },
        2 * DAY_MS,
      ).changed,
    ).toEqual({ ...nothing, expired: 1_500, left: 1_000 });
  });

  it('nothing is changed, the same comes out; all is spent, expired or left', () => {
    fc.assert(
      fc.property(anySmallTrace, (small) => {
        const { running, changed, spendable } = whatIf(
          history(small.lots, small.slots),
          { limits: {} },
          5 * HOUR_MS,
        );
        expect(changed).toEqual(running);
        const { spent, expired, left } = changed;
        expect(spent.live + spent.short_video + expired + left).toBe(spendable);
      }),
    );
  });
});
