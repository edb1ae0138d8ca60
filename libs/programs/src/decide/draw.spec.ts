import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { drawn, drawSeed } from './draw.js';

const PLACE = {
  program: 'red-packets',
  period: 'day:2026-11-11',
  merchantId: '商家 7',
  goal: 'lucky-orders',
  tier: 'first-order',
  reward: 0,
};

describe('a draw', () => {
  it('is made from its place, each part as UTF-8 and ended by a line feed', () => {
    const text =
      'red-packets\nday:2026-11-11\n商家 7\nlucky-orders\nfirst-order\n0\n';
    expect(drawSeed(PLACE)).toBe(
      createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex'),
    );
  });

  it('is another where any part of its place is', () => {
    const others = [
      { program: 'other' },
      { period: 'day:2026-11-12' },
      { merchantId: 'm1' },
      { goal: 'other' },
      { tier: 'other' },
      { reward: 1 },
    ].map((change) => drawSeed({ ...PLACE, ...change }));
    expect(new Set([drawSeed(PLACE), ...others]).size).toBe(7);
  });

  it('takes the first eight bytes, modulo how many amounts there are', () => {
    const rest = 'f'.repeat(48);
    expect(drawn(`${'0'.repeat(15)}a${rest}`, 66n, 888n)).toBe(76n);
    expect(drawn(`${'f'.repeat(16)}${rest}`, 0n, 9n)).toBe(5n);
    expect(drawn(drawSeed(PLACE), 5n, 5n)).toBe(5n);
  });

  it('lies between its bounds, both included', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 2n ** 53n }),
        fc.nat().map(BigInt),
        fc.string(),
        (from, more, merchantId) => {
          const amount = drawn(
            drawSeed({ ...PLACE, merchantId }),
            from,
            from + more,
          );
          expect(amount >= from && amount <= from + more).toBe(true);
        },
      ),
    );
    const amounts = Array.from({ length: 200 }, (_, i) =>
      drawn(drawSeed({ ...PLACE, merchantId: `m${i}` }), 1n, 3n),
    );
    expect(new Set(amounts)).toEqual(new Set([1n, 2n, 3n]));
  });
});
