import { cutOfShard, describeMoment, isWithin } from './cut.js';

describe('a cut', () => {
  const cut = {
    moment: 'now' as const,
    shards: new Map([[3, { grants: 1n, promotions: 2n }]]),
  };

  it('tells of the shards that it was made with', () => {
    expect(cutOfShard(cut, 3)).toEqual({ grants: 1n, promotions: 2n });
    expect(() => cutOfShard(cut, 4)).toThrow('does not tell of shard 4');
  });

  it.each([
    [{ grants: 1n, promotions: 2n }, true],
    [{ grants: 0n, promotions: 2n }, true],
    [{ grants: 0n, promotions: 3n }, false],
    [{ grants: 2n, promotions: 0n }, false],
  ])('has another within it, or not (%#)', (inner, within) => {
    expect(isWithin(inner, cutOfShard(cut, 3))).toBe(within);
  });
});

describe('describeMoment', () => {
  const instant = new Date('2024-11-11T00:00:00Z');
  it.each([
    ['beginning' as const, 'ahead of the first entry'],
    ['now' as const, 'now'],
    [{ position: 7 }, 'at position 7'],
    [{ recordedAt: instant }, 'at 2024-11-11T00:00:00.000Z'],
    [{ recordedBefore: instant }, 'before 2024-11-11T00:00:00.000Z'],
  ])('says %j as %s', (moment, said) => {
    expect(describeMoment(moment)).toBe(said);
  });
});
