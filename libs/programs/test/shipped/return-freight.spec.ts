import type { ActivityEvent } from '@app/contracts';
import { flagged, paid, refunded } from '../activity.js';
import { GranterInMemory } from '../granter-in-memory.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('return-freight');

/** So many orders of October, and their returns of November. */
function returned(count: number): ActivityEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const second = String(i % 60).padStart(2, '0');
    return [
      paid(`o${i}`, `2026-10-20T10:00:${second}`, 5_000),
      refunded(`o${i}`, `2026-11-05T10:00:${second}`, 5_000),
    ];
  }).flat();
}

describe('return freight', () => {
  it('pays 6 yuan for each order that is returned, into what is payable', () => {
    const granter = lived(PROGRAM, returned(3));
    expect(granter.grants()).toEqual(Array(3).fill('every: 600 CNY'));
    expect(granter.payable.get('m1\nCNY')).toBe(1_800n);
    expect(granter.lots).toEqual([]);
  });

  it('pays once for an order, however often a part of it comes back', () => {
    const [order] = returned(1);
    const parts = [1, 2, 3].map((day) =>
      refunded('o0', `2026-11-0${day}T10:00:00`, 1_000),
    );
    expect(lived(PROGRAM, [order!, ...parts]).grants()).toEqual([
      'every: 600 CNY',
    ]);
  });

  it('pays 300 yuan a month at most, for 50 returns', () => {
    const granter = lived(PROGRAM, returned(52));
    expect(granter.grants()).toHaveLength(50);
    expect(granter.payable.get('m1\nCNY')).toBe(30_000n);
    expect(granter.unpaid.map(({ because }) => because)).toEqual([
      'capped',
      'capped',
    ]);
    granter.take([refunded('late', '2026-12-01T00:00:00', 1)]);
    expect(granter.payable.get('m1\nCNY')).toBe(30_600n);
  });

  it('waits for a sale: what came back before the order was known is paid with the order', () => {
    const [order, back] = returned(1);
    const granter = new GranterInMemory([PROGRAM]);
    granter.take([back!]);
    expect(granter.grants()).toEqual([]);
    granter.take([order!]);
    expect(granter.grants()).toEqual(['every: 600 CNY']);
  });

  it('takes the 6 yuan of a flagged order back', () => {
    const flag = flagged('order', 'o1', '2026-11-20T10:00:00');
    const granter = lived(PROGRAM, [...returned(2), flag]);
    expect(granter.grants()).toEqual([
      'every: 600 CNY',
      'every: 600 CNY',
      'returns: -600 CNY',
    ]);
    expect(granter.payable.get('m1\nCNY')).toBe(600n);
  });
});
