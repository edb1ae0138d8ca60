import type { ActivityEvent } from '@app/contracts';
import type { GoalCause } from '@app/ledger';
import { paid, stream } from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { every, ladder, reward } from '../../test/ladders.js';
import { smallGoal } from '../../test/programs.js';
import type { Program } from '../program.js';

const SOLD = [
  paid('o1', '2024-11-11T10:00:00', 100),
  paid('o2', '2024-11-11T10:00:01', 200),
];
const AFTERWARDS_MS = Date.parse('2025-01-01');

/** What the entry of the last grant says, once the clock has settled all. */
function lastCause(
  program: Program,
  events: readonly ActivityEvent[],
): GoalCause {
  const granter = new GranterInMemory([program]);
  const { drafts } = granter.take(events, 0).at(AFTERWARDS_MS);
  return drafts.at(-1)!.cause as GoalCause;
}

describe('the entry of a grant', () => {
  it('says nothing of what is as it is with most', () => {
    const usual = [
      'type program version goal tier period metric value threshold',
      'promised poolRanDry expiresAt events',
    ];
    const cause = lastCause(ladder(), SOLD);
    expect(Object.keys(cause).sort()).toEqual(
      usual.join(' ').split(' ').sort(),
    );
  });

  it('says which channels count, where not all do', () => {
    const channels = ['live', 'shelf'];
    expect(lastCause(ladder({}, { channels }), SOLD)).toMatchObject({
      channels,
    });
    const all = { channels: ['shelf', 'live', 'short_video'] };
    expect(lastCause(ladder({}, all), SOLD)).not.toHaveProperty('channels');
  });

  it.each(['liveDays', 'liveDayStreak'])(
    'says how long on air makes a day of %s',
    (metric) => {
      const program = ladder({}, { metric, secondsADay: 3_600 });
      const live = stream('s1', '2024-11-11T10:00:00', 2);
      expect(lastCause(program, live)).toMatchObject({ secondsADay: 3_600 });
    },
  );

  it('says where its days begin, unless they do in Shanghai', () => {
    const timeZone = 'America/New_York';
    expect(lastCause(ladder({ timeZone }), SOLD)).toMatchObject({ timeZone });
  });

  it.each([
    [99, { promised: 99, atMost: 99 }],
    [300, { promised: 300 }],
  ])('says the most that a rate pays, which is %i', (atMost, expected) => {
    const rate = { basisPoints: 10_000, unit: 'ANY_IMP', expiresAfterDays: 1 };
    const program = smallGoal({
      metric: 'gmvMinor',
      tiers: undefined,
      settlesAfterDays: 0,
      rate: { ...rate, atMost },
    });
    const { promised, atMost: said } = lastCause(program, SOLD);
    expect({ promised, atMost: said }).toEqual(expected);
  });

  it('says what the highest tier deserves, and what was promised before', () => {
    const highestTier = [
      { tier: 'low', at: 1, rewards: [reward(3_000)] },
      { tier: 'high', at: 2, rewards: [reward(50_000)] },
    ];
    const program = ladder({}, { tiers: undefined, highestTier });
    const difference = { deserved: 50_000, promisedBefore: 3_000 };
    expect(lastCause(program, SOLD)).toMatchObject({
      promised: 47_000,
      ...difference,
    });
    expect(lastCause(program, SOLD.slice(0, 1))).not.toHaveProperty('deserved');
  });

  it('says of steps what they come to, and what was promised before', () => {
    expect(lastCause(every(1), SOLD)).toMatchObject({
      promised: 10,
      deserved: 20,
      promisedBefore: 10,
    });
  });
});
