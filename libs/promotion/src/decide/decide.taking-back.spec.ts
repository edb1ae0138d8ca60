import { oneOrderAPlacement } from '../../test/one-order-a-placement.js';
import {
  closed,
  delivered,
  granted,
  minute,
  started,
  switchedOff,
  switchedOn,
  takenBack,
  timePasses,
} from '../../test/inputs.js';
import { inWords, PromoterInMemory } from '../../test/promoter-in-memory.js';
import { evolve } from '../evolve.js';

const ORDER = 'promotions-0-2';
const lot = {
  lotId: 'a',
  unit: 'ANY_IMP',
  amount: 1_000,
  at: 0,
  expires: 9_000,
} as const;
const grant = granted(lot);

/** Of a lot of 1,000, all is reserved for an order on a stream, and so much of it delivered. */
function withOrder(impressions: number): PromoterInMemory {
  const p = new PromoterInMemory(oneOrderAPlacement);
  p.take(grant, started('s1', 1), switchedOn(2));
  if (impressions > 0) p.take(delivered(ORDER, impressions, 3));
  return p;
}

describe('a lot that the granter wants taken back', () => {
  it('is taken back whole, and says who decided it', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant);
    const decision = takenBack({ a: 1_000 }, 5, { sequence: 7, recorded: 6 });
    expect(p.take(decision)).toEqual([
      {
        kind: 'clawback',
        merchantId: 'm1',
        occurredAtMs: minute(6),
        postings: [
          {
            account: 'available',
            unit: 'ANY_IMP',
            amount: -1_000n,
            lotId: 'a',
          },
          {
            account: 'clawed_back:ladder',
            unit: 'ANY_IMP',
            amount: 1_000n,
            lotId: 'a',
          },
        ],
        cause: {
          type: 'lot_taken_back',
          lotId: 'a',
          program: 'ladder',
          decidedBy: 'grants-0-7',
          asked: 1_000,
        },
      },
    ]);
    expect(p.merchant().lots).toEqual([]);
  });

  it('is taken back in part, and the rest is spent', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant);
    expect(
      p.hear(takenBack({ a: 400 }, 5), started('s1', 6), switchedOn(7)),
    ).toEqual([
      'clawback of a: 400 ANY_IMP available',
      'switch_on',
      'order live s1: 600 ANY_IMP of a',
    ]);
  });

  it('is owed as far as it was spent', () => {
    const p = withOrder(700);
    p.take(switchedOff(4));
    const [entry] = p.take(takenBack({ a: 1_000 }, 5));
    expect(entry?.cause).toMatchObject({ asked: 1_000, owed: 700 });
    expect(inWords(entry!)).toBe(
      'clawback of a: 300 ANY_IMP available, 700 ANY_IMP owed',
    );
  });

  it('is owed as far as it is reserved: the order goes on', () => {
    const p = withOrder(700);
    expect(
      p.hear(
        takenBack({ a: 900 }, 5),
        delivered(ORDER, 200, 6),
        closed(ORDER, 'session_ended', 7),
      ),
    ).toEqual([
      'clawback of a: 900 ANY_IMP owed',
      'deliver: 200 ANY_IMP of a',
      'release, session_ended: 100 ANY_IMP of a',
      'order live s1: 100 ANY_IMP of a',
    ]);
  });

  it('is taken first from what is available', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, amount: 20_100 }), started('s1', 1));
    p.take(switchedOn(2));
    expect(p.hear(takenBack({ a: 300 }, 3))).toEqual([
      'clawback of a: 100 ANY_IMP available, 200 ANY_IMP owed',
    ]);
  });

  it('is not taken back as far as it expired', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 100 }), timePasses(100));
    expect(p.hear(takenBack({ a: 1_000 }, 101))).toEqual([
      'clawback of a: nothing',
    ]);
  });

  it('expires first where its time has come, though nothing had brought the time', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 100 }));
    expect(p.hear(takenBack({ a: 1_000 }, 90, { recorded: 101 }))).toEqual([
      'expire: 1000 ANY_IMP of a',
      'clawback of a: nothing',
    ]);
  });

  it('is owed for what was spent before it expired', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, expires: 50 }), started('s1', 1), switchedOn(2));
    p.take(delivered(ORDER, 700, 3), closed(ORDER, 'completed', 55));
    expect(p.hear(takenBack({ a: 1_000 }, 60))).toEqual([
      'clawback of a: 700 ANY_IMP owed',
    ]);
  });

  it('is not taken back twice, whoever decides it again', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant);
    expect(
      p.hear(
        takenBack({ a: 700 }, 5),
        takenBack({ a: 700 }, 6),
        takenBack({ a: 700 }, 7),
      ),
    ).toEqual([
      'clawback of a: 700 ANY_IMP available',
      'clawback of a: 300 ANY_IMP available',
      'clawback of a: nothing',
    ]);
  });

  it('is not owed twice', () => {
    const p = withOrder(700);
    p.take(takenBack({ a: 1_000 }, 5));
    p.take(closed(ORDER, 'session_ended', 6));
    expect(p.hear(takenBack({ a: 300 }, 7))).toContain(
      'clawback of a: nothing',
    );
  });

  it('is owed again as far as it settled a debt', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, keptBack: 900 }));
    expect(p.hear(takenBack({ a: 1_000 }, 5))).toEqual([
      'clawback of a: 100 ANY_IMP available, 900 ANY_IMP owed',
    ]);
  });

  it('may be none: a grant that all settled a debt is owed again', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted({ ...lot, keptBack: 1_000, sequence: 4 }));
    const [entry] = p.take(takenBack({ 'grants-0-4': 1_000 }, 5));
    expect(entry?.postings).toEqual([
      {
        account: 'owed',
        unit: 'ANY_IMP',
        amount: -1_000n,
        lotId: 'grants-0-4',
      },
      {
        account: 'clawed_back:ladder',
        unit: 'ANY_IMP',
        amount: 1_000n,
        lotId: null,
      },
    ]);
    expect(p.hear(takenBack({ 'grants-0-4': 1 }, 6))).toEqual([
      'clawback of grants-0-4: nothing',
    ]);
  });

  it('is one of several, each with an entry of its own', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant, granted({ ...lot, lotId: 'b' }));
    expect(p.hear(takenBack({ b: 1_000, a: 200 }, 5))).toEqual([
      'clawback of b: 1000 ANY_IMP available',
      'clawback of a: 200 ANY_IMP available',
    ]);
  });

  it('is left alone where it is not there, or is of another merchant', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(granted(lot, 'm2'));
    expect(p.hear(takenBack({ a: 5, 'grants-0-99': 5 }, 5))).toEqual([
      'clawback of a: nothing',
      'clawback of grants-0-99: nothing',
    ]);
    expect(p.merchant('m2').lots[0]?.available).toBe(1_000n);
  });

  it('is followed through one batch, from its grant on', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    const entries = p.take(
      granted({ ...lot, expires: 100 }),
      takenBack({ a: 300 }, 5),
      started('s1', 6),
      switchedOn(7),
      delivered('promotions-0-3', 100, 8),
      takenBack({ a: 500 }, 9),
      closed('promotions-0-3', 'completed', 101),
      takenBack({ a: 1_000 }, 102),
    );
    expect(entries.map(inWords)).toEqual([
      'clawback of a: 300 ANY_IMP available',
      'switch_on',
      'order live s1: 700 ANY_IMP of a',
      'deliver: 100 ANY_IMP of a',
      'clawback of a: 500 ANY_IMP owed',
      'release, completed: 600 ANY_IMP of a',
      'expire: 600 ANY_IMP of a',
      'clawback of a: nothing',
    ]);
  });

  it('leaves the promoter as it was where it is cash', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant);
    const before = p.merchant();
    expect(p.take(takenBack({}, 5, { unit: 'CNY' }))).toEqual([]);
    expect(p.merchant()).toBe(before);
  });

  it('is what the entry says, and not what was decided, to whoever follows the journals', () => {
    const p = new PromoterInMemory(oneOrderAPlacement);
    p.take(grant);
    const decision = takenBack({ a: 400 }, 5);
    const merchant = evolve(p.merchant(), decision.entry);
    expect(merchant).toEqual(p.merchant());
    const [entry] = p.take(decision);
    expect(evolve(merchant, entry!).lots).toEqual(p.merchant().lots);
  });
});
