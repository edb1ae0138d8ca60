import fc from 'fast-check';
import { anyEntries } from '../test/entries.js';
import { microsOf, recomputeHash, utcText } from './exported-entry.js';

describe('utcText', () => {
  it('has milliseconds, and microseconds where there are any', () => {
    expect(utcText(1_731_283_200_000_000n)).toBe('2024-11-11T00:00:00.000Z');
    expect(utcText(1_731_283_200_000_007n)).toBe('2024-11-11T00:00:00.000007Z');
    expect(utcText(-1n)).toBe('1969-12-31T23:59:59.999999Z');
  });

  it('is read back exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 16n }),
        (micros) => {
          expect(microsOf(utcText(micros))).toBe(micros);
        },
      ),
    );
  });
});

describe('recomputeHash', () => {
  it('makes the hash of the entry, and another one where a microsecond is changed', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        for (const entry of entries) {
          expect(recomputeHash(entry)).toBe(entry.hash);
          const occurredAtMicros = entry.occurredAtMicros + 1n;
          expect(recomputeHash({ ...entry, occurredAtMicros })).not.toBe(
            entry.hash,
          );
        }
      }),
    );
  });
});
