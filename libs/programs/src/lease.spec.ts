import fc from 'fast-check';
import { smallGoal, smallProgram } from '../test/programs.js';
import {
  amountToLend,
  endsAtMs,
  homesAmong,
  lowWater,
  reasonToReturn,
  sliceOf,
  UNUSED_MS,
} from './lease.js';
import { ProgramSet } from './published/program-set.js';

const shardCount = 64;
const DAY_MS = 86_400_000;

describe('the home of a pool', () => {
  it('is one of the shards, another for other programs and units', () => {
    const homeOf = homesAmong(shardCount);
    const homes = Array.from({ length: 1_000 }, (_, i) =>
      homeOf(`program-${i}`, i % 2 ? 'CNY' : 'ANY_IMP'),
    );
    expect(new Set(homes).size).toBe(shardCount);
    expect(homes.every((home) => home >= 0 && home < shardCount)).toBe(true);
  });

  it('stays where it is, for good', () => {
    expect(
      (['LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP', 'CNY'] as const).map((unit) =>
        homesAmong(64)('order-ladder', unit),
      ),
    ).toMatchInlineSnapshot(`
      [
        6,
        24,
        38,
        56,
      ]
    `);
  });
});

describe('a loan', () => {
  it.each([
    ['a slice to whoever has none', 12_800n, 0n, 0n, 100n],
    ['a slice to whoever has less than half of one', 12_800n, 49n, 0n, 100n],
    ['nothing to whoever has half of one', 12_800n, 50n, 0n, 0n],
    ['a slice where less is missing', 12_800n, 99n, 1n, 100n],
    ['what is missing where that is more', 12_800n, 0n, 700n, 700n],
    ['what is left where that is less', 500n, 0n, 700n, 500n],
    ['nothing ahead of need where a slice is less than one', 127n, 0n, 0n, 0n],
    ['what is missing of the last units', 127n, 0n, 3n, 3n],
    ['nothing where nothing is left', 0n, 0n, 3n, 0n],
  ])('is %s', (_, left, has, missing, amount) => {
    expect(amountToLend({ left, has, missing, shardCount })).toBe(amount);
  });

  it('is no more than is left, and all that is missing while that is left', () => {
    const any = fc.bigInt({ min: 0n, max: 10n ** 12n });
    fc.assert(
      fc.property(any, any, any, (left, has, missing) => {
        const amount = amountToLend({ left, has, missing, shardCount });
        expect(amount).toBeLessThanOrEqual(left);
        expect(amount).toBeGreaterThanOrEqual(missing < left ? missing : left);
      }),
    );
  });

  it('leaves less than half of a pool with shards that stop drawing on it, however often they borrow', () => {
    const total = 10n ** 12n;
    for (let rounds = 1; rounds < 20; rounds++) {
      let left = total;
      const shards = new Map<number, bigint>();
      for (let round = 0; round < rounds; round++)
        for (let shard = 1; shard < shardCount; shard++) {
          // Used up to where it borrows again, and no further.
          const low = lowWater(sliceOf(left, shardCount)) - 1n;
          const held = shards.get(shard) ?? 0n;
          const has = held < low ? held : low;
          const need = { left, has, missing: 0n, shardCount };
          const amount = amountToLend(need);
          left -= amount;
          shards.set(shard, has + amount);
        }
      const elsewhere = [...shards.values()].reduce((a, b) => a + b);
      expect(Number(elsewhere) / Number(total)).toBeLessThan(0.48);
    }
  });
});

describe('a slice', () => {
  const use = { isOver: false, homeLeft: 0n, unusedMs: UNUSED_MS };

  it.each([
    ['is kept while the home has some', { homeLeft: 1n }, null],
    ['is kept while it is drawn on', { unusedMs: UNUSED_MS - 1 }, null],
    ['is returned unused when the home runs dry', {}, 'unused'],
    ['is returned when it is over', { isOver: true, homeLeft: 9n }, 'over'],
    [
      'of what is over is kept for a while',
      { isOver: true, unusedMs: 0 },
      null,
    ],
  ])('%s', (_, change, reason) => {
    expect(reasonToReturn({ ...use, ...change })).toBe(reason);
  });
});

describe('the end of a program', () => {
  const window = {
    from: '2024-11-01T00:00:00+08:00',
    until: '2024-12-01T00:00:00+08:00',
  };
  const untilMs = Date.parse(window.until);

  it.each([
    ['never comes without a window', smallProgram(), Infinity],
    ['is that of its window', smallProgram({ window }), untilMs],
    [
      'waits for late events',
      smallProgram({ window, graceHours: 48 }),
      untilMs + 2 * DAY_MS,
    ],
    [
      'waits for settlements',
      smallGoal({ settlesAfterDays: 7 }, { window }),
      untilMs + 7 * DAY_MS,
    ],
  ])('%s', (_, program, atMs) => {
    expect(endsAtMs(new ProgramSet([program]), 'small')).toBe(atMs);
  });

  it('is that of its last version, and has come where there is none any more', () => {
    const later = { ...window, until: '2025-01-01T00:00:00+08:00' };
    const set = new ProgramSet([
      smallProgram({ window }),
      smallProgram({ window: later, version: 2, startsAt: later.from }),
    ]);
    expect(endsAtMs(set, 'small')).toBe(Date.parse(later.until));
    expect(endsAtMs(set, 'other')).toBe(-Infinity);
  });
});
