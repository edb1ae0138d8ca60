import { countLag, countTaken, type LogEnds } from './counts.js';

const ENDS: LogEnds = new Map([
  [
    'activity',
    new Map([
      [0, { first: 0n, next: 100n }],
      [1, { first: 40n, next: 50n }],
    ]),
  ],
]);

describe('counting positions', () => {
  it('has taken nothing before a writer has begun', () => {
    expect(countTaken(ENDS, [])).toBe(0n);
    expect(countLag(ENDS, [])).toBe(110n);
  });

  it('counts from the first message that a partition still holds', () => {
    const writers = [{ shard: 1, consumed: { activity: 45 } }];
    expect(countTaken(ENDS, writers)).toBe(5n);
    expect(countLag(ENDS, writers)).toBe(105n);
  });

  it('has no lag at the ends', () => {
    const writers = [
      { shard: 0, consumed: { activity: 100 } },
      { shard: 1, consumed: { activity: 50 } },
    ];
    expect(countTaken(ENDS, writers)).toBe(110n);
    expect(countLag(ENDS, writers)).toBe(0n);
  });

  it('is never below zero where a writer is ahead of ends that were read before', () => {
    const writers = [
      { shard: 0, consumed: { activity: 103 } },
      { shard: 1, consumed: { activity: 49 } },
    ];
    expect(countLag(ENDS, writers)).toBe(1n);
  });

  it('leaves out sources that are not asked for', () => {
    const writers = [{ shard: 0, consumed: { other: 7 } }];
    expect(countTaken(ENDS, writers)).toBe(0n);
  });
});
