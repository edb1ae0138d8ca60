import fc from 'fast-check';
import { ByteKeys } from './byte-keys.js';
import { viewOf } from './byte-strings.js';

describe('keys of bytes', () => {
  it('are numbered as they are first seen, and found again', () => {
    const anyKeys = fc.array(fc.string({ unit: 'binary', maxLength: 9 }), {
      maxLength: 1_000,
      size: 'max',
    });
    fc.assert(
      fc.property(anyKeys, (texts) => {
        const keys = new ByteKeys();
        const numbers = new Map<string, number>();
        // Compared in one go: thousands of expectations take longer than a loaded machine has time for.
        const given = texts.map((text) => [
          keys.find(...spanOf(text)),
          keys.add(...spanOf(text)),
        ]);
        const expected = texts.map((text) => {
          const known = numbers.get(text) ?? -1;
          if (known < 0) numbers.set(text, numbers.size);
          return [known, numbers.get(text)];
        });
        expect(given).toEqual(expected);
        expect(keys.size).toBe(numbers.size);
        keys.clear();
        expect(texts.some((text) => keys.find(...spanOf(text)) >= 0)).toBe(
          false,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('are as many as there are', () => {
    const keys = new ByteKeys();
    const numbers = Array.from({ length: 50_000 }, (_, n) => n);
    const spans = numbers.map((n) => spanOf(`key-${n}`));
    expect(spans.map((span) => keys.add(...span))).toEqual(numbers);
    expect(spans.map((span) => keys.find(...span))).toEqual(numbers);
    expect(keys.find(...spanOf('key-50000'))).toBe(-1);
  });
});

/** Somewhere among other bytes. */
function spanOf(text: string): [DataView, number, number] {
  const bytes = Buffer.from(`ab${text}cd`);
  return [viewOf(bytes), 2, bytes.length - 2];
}
