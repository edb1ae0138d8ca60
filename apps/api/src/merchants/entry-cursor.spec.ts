import { encodeEntryCursor, entryCursor } from './entry-cursor.js';

describe('entryCursor', () => {
  it('reads what encodeEntryCursor writes', () => {
    const cursor = {
      recordedAt: new Date('2024-11-11T00:00:00.123Z'),
      journal: 'promotions',
      sequence: 2n ** 63n - 1n,
    } as const;
    const text = encodeEntryCursor(cursor);
    expect(text).toMatch(/^[\w-]+$/);
    expect(entryCursor.parse(text)).toEqual(cursor);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'bm90IGpzb24'],
    ['another list', encode([1, 'grants'])],
    ['a journal that is none', encode([1, 'others', '1'])],
    ['a sequence that is none', encode([1, 'grants', '-1'])],
    ['a time that is none', encode([9e15, 'grants', '1'])],
    ['too much', 'x'.repeat(513)],
  ])('refuses %s', (_, text) => {
    expect(entryCursor.safeParse(text).success).toBe(false);
  });
});

function encode(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}
