import { flagged, paid, paidTimes, refunded } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { ORDER_LADDER, smallGoal, smallProgram } from '../../test/programs.js';

const MONDAY = '2024-11-11T10:00:00';
const TUESDAY = '2024-11-12T10:00:00';
const NEXT_WEEK = '2024-11-20T10:00:00';

function valuesAfter(...events: ReturnType<typeof paid>[]) {
  return Object.fromEntries(
    new GranterInMemory([ORDER_LADDER]).take(events).values(),
  );
}

function week(orders: bigint, gmv: bigint, monday = '2024-11-11') {
  return {
    [`m1 week:${monday} weekly-orders`]: orders,
    [`m1 week:${monday} weekly-gmv`]: gmv,
  };
}

describe('a refund', () => {
  it('of a part takes it from the sales, and the order still counts', () => {
    expect(
      valuesAfter(paid('o1', MONDAY, 500), refunded('o1', TUESDAY, 200)),
    ).toEqual(week(1n, 300n));
  });

  it('of all takes the order too', () => {
    expect(
      valuesAfter(
        paid('o1', MONDAY, 500),
        refunded('o1', TUESDAY, 200),
        refunded('o1', TUESDAY, 300),
      ),
    ).toEqual(week(0n, 0n));
  });

  it('of more than was paid takes no more than was paid', () => {
    expect(
      valuesAfter(paid('o1', MONDAY, 500), refunded('o1', TUESDAY, 900)),
    ).toEqual(week(0n, 0n));
  });

  it('counts in the week of its order, however late it comes', () => {
    expect(
      valuesAfter(paid('o1', MONDAY, 500), refunded('o1', NEXT_WEEK, 500)),
    ).toEqual(week(0n, 0n));
  });

  it('counts in the window of its order, also when that is over', () => {
    const window = {
      from: '2024-11-11T00:00:00+08:00',
      until: '2024-11-12T00:00:00+08:00',
    };
    const granter = new GranterInMemory([
      smallGoal({ period: 'window' }, { window }),
    ]);
    granter.take([paid('o1', MONDAY, 500), paid('o2', MONDAY, 500)]);
    granter.take([refunded('o1', NEXT_WEEK, 500)]);
    expect([...granter.values().values()]).toEqual([1n]);
  });

  it('that comes before its order waits for it', () => {
    const early = refunded('o1', MONDAY, 500);
    expect(valuesAfter(early)).toEqual({});
    expect(valuesAfter(early, paid('o1', MONDAY, 700))).toEqual(week(1n, 200n));
    expect(grantsOf(ORDER_LADDER, [early, paid('o1', MONDAY, 500)])).toEqual(
      [],
    );
  });

  it('keeps the next tier away until other orders make up for it', () => {
    const four = paidTimes(4, MONDAY);
    const back = refunded('o5', TUESDAY, 1);
    const orders = [...four, back, paid('o5', TUESDAY, 1)];
    expect(grantsOf(ORDER_LADDER, orders)).toEqual(['1-order: 1000 ANY_IMP']);
    expect(grantsOf(ORDER_LADDER, [...orders, paid('o6', TUESDAY, 1)])).toEqual(
      ['1-order: 1000 ANY_IMP', '5-orders: 6000 ANY_IMP'],
    );
  });

  it('below a tier that was paid neither takes it back nor lets it pay again', () => {
    const events = [
      paid('o1', MONDAY, 50_000),
      refunded('o1', TUESDAY, 50_000),
      paid('o2', TUESDAY, 50_000),
    ];
    expect(grantsOf(ORDER_LADDER, events)).toEqual([
      '1-order: 1000 ANY_IMP',
      'gmv-500: 2000 LIVE_IMP',
      'gmv-500: 2000 VIDEO_IMP',
    ]);
    expect(valuesAfter(...events)).toEqual(week(1n, 50_000n));
  });

  it('pays nothing, also where a new version has put a tier below the value', () => {
    const tiers = [
      {
        tier: 'low',
        at: 1,
        rewards: [{ unit: 'ANY_IMP', amount: 1, expiresAfterDays: 1 }],
      },
    ];
    const goal = { metric: 'gmvMinor', period: 'week' };
    const before = smallGoal({ ...goal, tiers: [{ ...tiers[0], at: 1_000 }] });
    const after = smallGoal({ ...goal, tiers }, { version: 2 });
    const granter = new GranterInMemory([before]);
    granter.take([paid('o1', MONDAY, 500)]);
    granter.programs = [after];
    expect(granter.take([refunded('o1', TUESDAY, 100)]).grants()).toEqual([]);
    expect(granter.take([paid('o2', TUESDAY, 1)]).grants()).toEqual([
      'low: 1 ANY_IMP',
    ]);
  });
});

describe('a program that was published after an order', () => {
  const LATER = smallProgram({ program: 'later' });

  it('counts neither the order nor a refund of it', () => {
    const granter = new GranterInMemory([]).take([paid('o1', MONDAY, 500)]);
    granter.programs = [LATER];
    granter.fund();
    granter.take([refunded('o1', MONDAY, 500), paid('o2', MONDAY, 1)]);
    expect(granter.grants()).toEqual(['first: 100 ANY_IMP']);
    expect(Object.fromEntries(granter.values())).toEqual({
      'm1 day:2024-11-11 daily-orders': 1n,
    });
  });

  it('counts none of it where a flag has all counted anew', () => {
    const granter = new GranterInMemory([]).take([paid('o1', MONDAY, 500)]);
    granter.programs = [LATER];
    granter.fund();
    granter.take([paid('o2', MONDAY, 1), flagged('session', 's1', TUESDAY)]);
    expect([...granter.values().values()]).toEqual([1n]);
  });
});

describe('a further payment of an order', () => {
  it('adds to its amount and is no other order', () => {
    expect(
      valuesAfter(paid('o1', MONDAY, 500), paid('o1', TUESDAY, 700)),
    ).toEqual(week(1n, 1_200n));
  });

  it('counts in the week of the first, whichever comes first', () => {
    const deposit = paid('o1', MONDAY, 500);
    const balance = paid('o1', NEXT_WEEK, 700);
    expect(valuesAfter(deposit, balance)).toEqual(week(1n, 1_200n));
    expect(valuesAfter(balance, deposit)).toEqual({
      ...week(0n, 0n, '2024-11-18'),
      ...week(1n, 1_200n),
    });
  });

  it('at the same instant on another channel counts on one of them, whichever comes first', () => {
    const live = paid('o1', MONDAY, 500, { channel: 'live' });
    const shelf = paid('o1', MONDAY, 700, { channel: 'shelf' });
    const program = smallGoal({ channels: ['live'], metric: 'gmvMinor' });
    for (const events of [
      [live, shelf],
      [shelf, live],
    ]) {
      const granter = new GranterInMemory([program]).take(events);
      expect([...granter.values().values()]).toEqual([1_200n]);
    }
  });

  it('makes an order again of one that was refunded', () => {
    expect(
      valuesAfter(
        paid('o1', MONDAY, 500),
        refunded('o1', TUESDAY, 500),
        paid('o1', TUESDAY, 100),
      ),
    ).toEqual(week(1n, 100n));
  });
});
