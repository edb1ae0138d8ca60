import fc from 'fast-check';
import { MAX_AMOUNT } from '@app/ledger';
import { formatPosition, parsePosition } from './live-position.js';

describe('the position of a stream', () => {
  it('is read as it was written', () => {
    const sequence = fc.bigInt(0n, MAX_AMOUNT - 1n);
    fc.assert(
      fc.property(sequence, sequence, (grants, promotions) => {
        const position = { grants, promotions };
        expect(parsePosition(formatPosition(position))).toEqual(position);
      }),
    );
  });

  it.each(['', '1', '1.', '-1.2', '1.2.3', '9223372036854775807.0', 'a.b'])(
    'is not %j',
    (text) => {
      expect(() => parsePosition(text)).toThrow('Last-Event-ID');
    },
  );
});
