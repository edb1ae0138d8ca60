import fc from 'fast-check';
import { ByteKeys, viewOf } from './byte-keys.js';

describe('keys of bytes', () => {
  it('are numbered as they are first seen, and found again', () => {
    const anyKeys = fc.array(fc.string({ unit: 'binary', maxLength: 9 }), {
      maxLength: 3_000,
      size: 'max',
    });
    fc.assert(
      fc.property(anyKeys, (texts) => {
        const keys = new ByteKeys();
        const numbers = new Map<string, number>();
        for (const text of texts) {
          const known = numbers.get(text);
          expect(keys.find(...spanOf(text))).toBe(known ?? -1);
          if (known === undefined) numbers.set(text, numbers.size);
          expect(keys.add(...spanOf(text))).toBe(numbers.get(text));
        }
        expect(keys.size).toBe(numbers.size);
        keys.clear();
        expect(texts.some((text) => keys.find(...spanOf(text)) >= 0)).toBe(
          false,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('are as many as there are', () => {
    const keys = new ByteKeys();
    for (let n = 0; n < 50_000; n += 1)
      expect(keys.add(...spanOf(`key-${n}`))).toBe(n);
    for (let n = 0; n < 50_000; n += 1)
      expect(keys.find(...spanOf(`key-${n}`))).toBe(n);
    expect(keys.find(...spanOf('key-50000'))).toBe(-1);
  });
});

/** Somewhere among other bytes. */
function spanOf(text: string): [DataView, number, number] {
  const bytes = Buffer.from(`ab${text}cd`);
  return [viewOf(bytes), 2, bytes.length - 2];
}
