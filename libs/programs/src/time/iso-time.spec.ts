import fc from 'fast-check';
import { isoTime } from './iso-time.js';

describe('a time in an entry', () => {
  it('reads as JavaScript writes it, at any time that there is', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        expect(isoTime(date.getTime())).toBe(date.toISOString());
      }),
      { numRuns: 1_000 },
    );
  });
});
