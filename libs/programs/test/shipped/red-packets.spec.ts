import { createHash } from 'node:crypto';
import type { ActivityEvent } from '@app/contracts';
import { paid, paidTimes, registered } from '../activity.js';
import { GranterInMemory } from '../granter-in-memory.js';
import { lived } from '../lived.js';
import { shippedProgram } from '../programs.js';

const PROGRAM = shippedProgram('red-packets');

/** As docs/how-programs-count.md says. */
function drawnAgain(
  day: string,
  tier: string,
  from: bigint,
  to: bigint,
): { amount: bigint; seed: string } {
  const parts = ['red-packets', `day:${day}`, 'm1', 'lucky-orders', tier, '0'];
  const hash = createHash('sha256')
    .update(Buffer.from(parts.map((part) => `${part}\n`).join(''), 'utf8'))
    .digest();
  return {
    amount: from + (hash.readBigUInt64BE(0) % (to - from + 1n)),
    seed: hash.toString('hex'),
  };
}

function ordersOf(days: readonly string[], count: number): ActivityEvent[] {
  return days.flatMap((day) => paidTimes(count, `${day}T10:00:00`));
}

const NOVEMBER = Array.from(
  { length: 30 },
  (_, i) => `2026-11-${String(i + 1).padStart(2, '0')}`,
);

describe('red packets', () => {
  it('draw for the first order of a day what anybody can draw again', () => {
    const granter = lived(PROGRAM, ordersOf(['2026-11-11'], 3));
    const { amount, seed } = drawnAgain('2026-11-11', 'first-order', 66n, 888n);
    expect(granter.grants()).toEqual([`first-order: ${amount} ANY_IMP`]);
    expect(granter.drafts[0]?.cause).toMatchObject({
      draw: { from: 66, to: 888, seed },
    });
  });

  it('draw cash for the eighth order', () => {
    const granter = lived(PROGRAM, ordersOf(['2026-11-11'], 9));
    const { amount } = drawnAgain('2026-11-11', '8-orders', 8n, 188n);
    expect(granter.grants()[1]).toBe(`8-orders: ${amount} CNY`);
    expect(granter.grants()).toHaveLength(2);
  });

  it('draw anew each day', () => {
    const granter = lived(PROGRAM, ordersOf(NOVEMBER, 1));
    expect(granter.grants()).toEqual(
      NOVEMBER.map(
        (day) =>
          `first-order: ${drawnAgain(day, 'first-order', 66n, 888n).amount} ANY_IMP`,
      ),
    );
    expect(new Set(granter.grants()).size).toBeGreaterThan(20);
  });

  it('pay 20 yuan a month at most', () => {
    let left = 2_000n;
    const cash = NOVEMBER.map((day) => {
      const { amount } = drawnAgain(day, '8-orders', 8n, 188n);
      const granted = amount < left ? amount : left;
      left -= granted;
      return granted;
    }).filter((granted) => granted > 0n);
    expect(left).toBe(0n);
    const events = ordersOf([...NOVEMBER, '2026-12-01'], 8);
    const december = drawnAgain('2026-12-01', '8-orders', 8n, 188n);
    expect(
      lived(PROGRAM, events)
        .grants()
        .filter((grant) => grant.endsWith('CNY')),
    ).toEqual(
      [...cash, december.amount].map((amount) => `8-orders: ${amount} CNY`),
    );
  });

  it('are for merchants with less than 100,000 followers', () => {
    const big = registered('2026-11-10T00:00:00', { followers: 100_000 });
    expect(
      lived(PROGRAM, [big, ...ordersOf(['2026-11-11'], 8)]).grants(),
    ).toEqual([]);
  });

  it('are opened by orders that are heard of within six hours after their day', () => {
    const order = paid('o1', '2026-11-11T23:00:00', 1);
    const heard = (time: string) =>
      new GranterInMemory([PROGRAM]).take([order], Date.parse(time)).grants();
    expect(heard('2026-11-12T05:59:59+08:00')).toHaveLength(1);
    expect(heard('2026-11-12T06:00:00+08:00')).toEqual([]);
  });
});
