import { oneOrderAPlacement } from '../../test/one-order-a-placement.js';
import {
  closed,
  granted,
  published,
  started,
  switchedOn,
  timePasses,
} from '../../test/inputs.js';
import { inWords } from '../../test/promoter-in-memory.js';
import { decideBatch } from './decide-batch.js';
import type { PromotionInput } from '../input.js';

const lot = { lotId: 'a', unit: 'LIVE_IMP', amount: 5, at: 0 } as const;
const PLACE = { shard: 7, sequence: 41n };

describe('a batch', () => {
  it('tells several merchants apart and numbers their entries in one row', () => {
    const { drafts, changed } = decideBatch(
      new Map(),
      ['m1', 'm2'].flatMap((merchantId) => [
        granted({ ...lot, expires: 9_000 }, merchantId),
        started('s1', 1, merchantId),
        switchedOn(2, merchantId),
      ]),
      PLACE,
      new Map(),
      oneOrderAPlacement,
    );
    expect(drafts.map(({ merchantId }) => merchantId)).toEqual([
      'm1',
      'm1',
      'm2',
      'm2',
    ]);
    const orders = [...changed.values()].flatMap(({ orders }) => orders);
    expect(orders.map(({ promotionOrderId }) => promotionOrderId)).toEqual([
      'promotions-7-43',
      'promotions-7-45',
    ]);
  });

  it('goes on from the merchants that are known, and leaves them as they were', () => {
    const first = decideBatch(
      new Map(),
      [granted({ ...lot, expires: 9_000 }), started('s1', 1)],
      PLACE,
      new Map(),
      oneOrderAPlacement,
    );
    expect(first.drafts).toEqual([]);
    const known = structuredClone(first.changed);
    const { drafts } = decideBatch(
      first.changed,
      [switchedOn(2)],
      PLACE,
      new Map(),
      oneOrderAPlacement,
    );
    expect(drafts.map(inWords)).toEqual([
      'switch_on',
      'order live s1: 5 LIVE_IMP of a',
    ]);
    expect(first.changed).toEqual(known);
  });

  it('names no merchant that stays as it was', () => {
    const { changed } = decideBatch(
      new Map(),
      [
        timePasses(5, 'm1'),
        published('v1', 5, { shoppable: false, merchantId: 'm2' }),
        closed('promotions-7-1', 'completed', 5, 'm3'),
      ],
      PLACE,
      new Map(),
      oneOrderAPlacement,
    );
    expect(changed).toEqual(new Map());
  });

  it("passes over the platform's own entries", () => {
    const { entry } = granted({ ...lot, expires: 9_000 });
    const budget: PromotionInput = {
      kind: 'entry',
      entry: { ...entry, kind: 'budget', merchantId: null },
    };
    expect(
      decideBatch(new Map(), [budget], PLACE, new Map(), oneOrderAPlacement),
    ).toEqual({
      drafts: [],
      changed: new Map(),
      refused: [],
    });
  });
});
