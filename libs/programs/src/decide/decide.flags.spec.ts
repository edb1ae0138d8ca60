import type { ActivityEvent } from '@app/contracts';
import { flagged, paid, stream } from '../../test/activity.js';
import { GranterInMemory, grantsOf } from '../../test/granter-in-memory.js';
import { every } from '../../test/ladders.js';

const LIVE = { channel: 'live', sessionId: 's1' } as const;
const ORDERS = [
  paid('o1', '2024-11-11T10:00:00', 1, LIVE),
  paid('o2', '2024-11-11T12:00:00', 1, LIVE),
  paid('o3', '2024-11-11T13:00:00', 1),
];
const PAID = Array(3).fill('every: 10 ANY_IMP');

function flagsTake(flags: string, flaggedFrom: string, flag: ActivityEvent) {
  const program = every(1, { takeBack: { flags, flaggedFrom } });
  return grantsOf(program, [...ORDERS, flag]).slice(PAID.length);
}

describe('a flag that comes after its grant', () => {
  it.each([
    ['order', 'o1', '2024-12-01T00:00:00', 10, 10],
    ['session', 's1', '2024-11-11T11:00:00', 10, 20],
    ['session', 's1', '2024-11-11T10:00:00', 20, 20],
    ['merchant', 'm1', '2024-11-11T12:30:00', 10, 30],
  ] as const)(
    'on %s %s of %s takes back %i from the flag on, or %i from the start',
    (kind, id, time, fromFlag, fromStart) => {
      const flag = flagged(kind, id, time);
      expect(flagsTake('difference', 'flag', flag)).toEqual([
        `sales: -${fromFlag} ANY_IMP`,
      ]);
      expect(flagsTake('difference', 'start', flag)).toEqual([
        `sales: -${fromStart} ANY_IMP`,
      ]);
    },
  );

  it('names the lots and the amounts that are taken back', () => {
    const takeBack = { flags: 'difference', flaggedFrom: 'start' };
    const granter = new GranterInMemory([every(1, { takeBack })]).take([
      ...ORDERS,
      flagged('session', 's1', '2024-11-12T00:00:00'),
    ]);
    expect(granter.drafts.at(-1)).toMatchObject({
      kind: 'clawback',
      postings: [],
      cause: {
        because: 'flag',
        value: 1,
        amount: 20,
        lots: [
          { lotId: 'grants-3-3', amount: 10 },
          { lotId: 'grants-3-2', amount: 10 },
        ],
      },
    });
  });

  it('takes nothing back under never, but stops the counting', () => {
    const program = every(1, { takeBack: { flags: 'never' } });
    const flag = flagged('merchant', 'm1', '2024-11-11T12:30:00');
    const later = paid('o4', '2024-11-12T10:00:00', 1);
    expect(grantsOf(program, [...ORDERS, flag, later])).toEqual(PAID);
  });

  it('on the merchant takes back all that the program has paid in any period, under all, for good', () => {
    const program = every(1, { takeBack: { flags: 'all' } });
    const nextWeek = paid('o4', '2024-11-18T10:00:00', 1);
    const flag = flagged('merchant', 'm1', '2024-12-01T00:00:00');
    const old = paid('o5', '2024-11-04T10:00:00', 1);
    expect(grantsOf(program, [...ORDERS, nextWeek, flag, old])).toEqual([
      ...PAID,
      'every: 10 ANY_IMP',
      'sales: -30 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
  });

  it('on a session under all closes the periods that lose by it, and no others', () => {
    const program = every(1, {
      takeBack: { flags: 'all', flaggedFrom: 'start' },
    });
    const nextWeek = paid('o4', '2024-11-18T10:00:00', 1);
    const flag = flagged('session', 's1', '2024-11-19T00:00:00');
    const more = [
      paid('o5', '2024-11-12T10:00:00', 1),
      paid('o6', '2024-11-19T10:00:00', 1),
    ];
    const events = [...ORDERS, nextWeek, flag, ...more];
    expect(grantsOf(program, events).slice(4)).toEqual([
      'sales: -30 ANY_IMP',
      'every: 10 ANY_IMP',
    ]);
  });

  it('comes before its order as well as after it', () => {
    const program = every(1, { takeBack: { flags: 'difference' } });
    const flag = flagged('order', 'o1', '2024-11-10T00:00:00');
    expect(grantsOf(program, [flag, ORDERS[0]!])).toEqual([]);
  });
});

describe('a stream that is flagged', () => {
  const program = every(
    3_600,
    { takeBack: { flags: 'difference' } },
    { metric: 'liveSeconds' },
  );
  const live = stream('s1', '2024-11-11T10:00:00', 3);
  const at = (hour: number) =>
    flagged('session', 's1', `2024-11-11T${hour}:00:00`);

  it('is cut where the flag is', () => {
    expect(grantsOf(program, [...live, at(12)])).toEqual([
      'every: 30 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
    expect(grantsOf(program, [at(12), ...live])).toEqual(['every: 20 ANY_IMP']);
  });

  it('twice is cut at the earlier flag, whichever comes first', () => {
    expect(grantsOf(program, [...live, at(12), at(11), at(12)])).toEqual([
      'every: 30 ANY_IMP',
      'sales: -10 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
    expect(grantsOf(program, [...live, at(11), at(12)])).toEqual([
      'every: 30 ANY_IMP',
      'sales: -20 ANY_IMP',
    ]);
  });
});

describe('a first sale that is flagged', () => {
  it('counts no more, and passes nothing on to the next one', () => {
    const program = every(
      1,
      { takeBack: { flags: 'difference' } },
      { metric: 'firstSale', period: 'lifetime' },
    );
    const flag = flagged('order', 'o1', '2024-11-12T00:00:00');
    expect(grantsOf(program, [...ORDERS, flag])).toEqual([
      'every: 10 ANY_IMP',
      'sales: -10 ANY_IMP',
    ]);
    expect(grantsOf(program, [flag, ...ORDERS])).toEqual([]);
  });
});
