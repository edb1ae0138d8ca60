import { paid, refunded, registered, timeMs } from '../../test/activity.js';
import { GranterInMemory } from '../../test/granter-in-memory.js';
import { every, ladder } from '../../test/ladders.js';
import { ProgramSet } from '../published/program-set.js';
import type { Program } from '../program.js';

const FIRST = paid('o1', '2024-11-11T10:00:00', 1);
const SECOND = paid('o2', '2024-11-12T10:00:00', 1);
const THIRD = paid('o3', '2024-11-13T10:00:00', 1);
const FOURTH = paid('o4', '2024-11-14T10:00:00', 1);
const DIFFERENCE = { takeBack: { refunds: 'difference' } };

function granterOf(program: Program) {
  const granter = new GranterInMemory([program]);
  return {
    granter,
    pause: () => {
      granter.set = new ProgramSet([program], new Set([program.program]));
    },
    resume: () => {
      granter.set = new ProgramSet([program]);
    },
  };
}

describe('while a program is paused', () => {
  it('what comes counts nowhere, also when it goes on', () => {
    const { granter, pause, resume } = granterOf(ladder());
    granter.take([FIRST]);
    pause();
    granter.take([SECOND]);
    resume();
    granter.take([THIRD]);
    expect(granter.grants()).toEqual(['first: 100 ANY_IMP']);
    granter.take([FOURTH]);
    expect(granter.grants()).toEqual([
      'first: 100 ANY_IMP',
      'third: 1000 ANY_IMP',
    ]);
  });

  it('that is by when it comes, and not by when it happened', () => {
    const { granter, pause, resume } = granterOf(ladder());
    pause();
    granter.take([SECOND]);
    resume();
    granter.take([FIRST]);
    expect(granter.grants()).toEqual(['first: 100 ANY_IMP']);
  });

  it('refunds of what was counted take back', () => {
    const { granter, pause } = granterOf(ladder(DIFFERENCE));
    granter.take([FIRST]);
    pause();
    granter.take([refunded('o1', '2024-11-12T10:00:00', 1)]);
    expect(granter.grants()).toEqual([
      'first: 100 ANY_IMP',
      'sales: -100 ANY_IMP',
    ]);
  });

  it('refunds of what was not counted take nothing back, nor do they later', () => {
    const { granter, pause, resume } = granterOf(ladder(DIFFERENCE));
    granter.take([FIRST]);
    pause();
    granter.take([SECOND, THIRD]);
    granter.take([refunded('o2', '2024-11-14T10:00:00', 1)]);
    resume();
    granter.take([refunded('o3', '2024-11-14T10:00:00', 1)]);
    expect(granter.grants()).toEqual(['first: 100 ANY_IMP']);
    expect(granter.values().get('m1 week:2024-11-11 sales')).toBe(1n);
  });

  it('nothing settles: what was due is paid when it goes on, as of its own time', () => {
    const { granter, pause, resume } = granterOf(
      every(1, {}, { settlesAfterDays: 3 }),
    );
    granter.take([FIRST, SECOND], SECOND.occurredAtMs);
    pause();
    const settlesAtMs = timeMs('2024-11-21T00:00:00');
    granter.at(settlesAtMs + 1);
    expect(granter.grants()).toEqual([]);
    resume();
    granter.at(settlesAtMs + 2);
    expect(granter.grants()).toEqual(['every: 20 ANY_IMP']);
    expect(granter.drafts[0]?.occurredAtMs).toBe(settlesAtMs);
  });

  it('nobody is paid by a registration; what was reached before is paid with the next rise', () => {
    const { granter, pause, resume } = granterOf(
      ladder({ eligible: 'merchant.isRegistered' }),
    );
    granter.take([FIRST]);
    pause();
    granter.take([registered('2024-11-12T10:00:00')]);
    expect(granter.grants()).toEqual([]);
    resume();
    granter.take([THIRD]);
    expect(granter.grants()).toEqual(['first: 100 ANY_IMP']);
  });

  it('other programs go on', () => {
    const other = ladder({ program: 'other' });
    const granter = new GranterInMemory([ladder(), other]);
    granter.set = new ProgramSet([ladder(), other], new Set(['small']));
    granter.take([FIRST]);
    expect(
      granter.drafts.map(({ cause }) => 'program' in cause && cause.program),
    ).toEqual(['other']);
  });
});
