import fc from 'fast-check';
import { compareBytes } from './fields.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀'),
    maxLength: 4,
  }),
);

describe('the order of texts', () => {
  it('is that of their bytes in UTF-8', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        );
      }),
    );
  });
});
