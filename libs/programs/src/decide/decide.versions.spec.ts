import { paid, timeMs } from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { ladder, reward } from '../../test/ladders.js';

const TIERS = [
  { tier: 'first', at: 1, rewards: [reward(500)] },
  { tier: 'third', at: 3, rewards: [reward(5_000)] },
];

/** Holds from Wednesday on. */
function second(progress: 'carriesOver' | 'startsAnew') {
  const startsAt = '2024-11-13T00:00:00+08:00';
  return ladder({ version: 2, startsAt, progress }, { tiers: TIERS });
}

const MONDAY = paid('o1', '2024-11-11T10:00:00', 1);
const TUESDAY = paid('o2', '2024-11-12T23:59:59', 1);
const WEDNESDAY = paid('o3', '2024-11-13T00:00:00', 1);

function entriesOf(granter: GranterInMemory) {
  return granter.drafts.map(({ cause }, i) => [
    'version' in cause && cause.version,
    granter.grants()[i],
  ]);
}

describe('a version that starts in mid-season', () => {
  it('goes on with what was counted and paid before, where it carries over', () => {
    const granter = new GranterInMemory([ladder(), second('carriesOver')]);
    granter.take([MONDAY, TUESDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([
      [1, 'first: 100 ANY_IMP'],
      [2, 'third: 5000 ANY_IMP'],
    ]);
  });

  it('counts from zero and can pay every tier again, where it starts anew', () => {
    const granter = new GranterInMemory([ladder(), second('startsAnew')]);
    granter.take([MONDAY, TUESDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([
      [1, 'first: 100 ANY_IMP'],
      [2, 'first: 500 ANY_IMP'],
    ]);
  });

  it.each(['carriesOver', 'startsAnew'] as const)(
    'decides by the time of what happened, however late that arrives: %s',
    (progress) => {
      const granter = new GranterInMemory([ladder(), second(progress)]);
      granter.take([TUESDAY], timeMs('2025-01-01T00:00:00'));
      expect(entriesOf(granter)).toEqual([[1, 'first: 100 ANY_IMP']]);
    },
  );

  it('that carries over does not pay a paid tier again under another threshold', () => {
    const easier = ladder(
      { version: 2, startsAt: '2024-11-13T00:00:00+08:00' },
      { tiers: [{ ...TIERS[0], at: 2 }, TIERS[1]] },
    );
    const granter = new GranterInMemory([ladder(), easier]);
    granter.take([MONDAY, WEDNESDAY]);
    expect(entriesOf(granter)).toEqual([[1, 'first: 100 ANY_IMP']]);
  });

  it('is no other program: its pool comes out of the same name', () => {
    const granter = new GranterInMemory([ladder(), second('startsAnew')]);
    granter.take([MONDAY, WEDNESDAY]);
    expect(granter.drafts.map(({ postings }) => postings[0]!.account)).toEqual([
      'pool:small',
      'pool:small',
    ]);
  });
});
