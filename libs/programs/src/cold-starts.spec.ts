import type { ActivityEvent } from '@app/contracts';
import {
  flagged,
  paid,
  registered,
  started,
  timeMs,
} from '../test/activity.js';
import { shippedProgram, smallGoal } from '../test/programs.js';
import { coldStartsOf } from './cold-starts.js';
import type { CountedEvent } from './count/count.js';
import { GranterInMemory } from './dry-run/granter-in-memory.js';
import { ProgramSet } from './published/program-set.js';
import type { Program } from './program.js';

const LAUNCH = shippedProgram('new-merchant-launch');
const REGISTERED = '2024-11-11T09:00:00';
const STARTED = '2024-11-11T10:00:00';

describe('cold starts', () => {
  it('are given traffic, by the event that decided it', () => {
    expect(
      starts(LAUNCH, [
        registered(REGISTERED),
        paid('o1', '2024-11-11T09:30:00', 1),
        started('s1', STARTED),
      ]),
    ).toEqual([
      {
        merchantId: 'm1',
        program: 'new-merchant-launch',
        outcome: 'granted',
        decidedBy: 2,
      },
    ]);
  });

  it('are a merchant’s first streams alone', () => {
    const granter = granterOf(LAUNCH);
    granter.take([registered(REGISTERED), started('s1', STARTED)]);
    expect(granter.take([started('s2', '2024-11-12T10:00:00')])).toEqual([]);
    // An earlier one that comes to light is still one first stream.
    expect(granter.take([started('s0', '2024-11-10T10:00:00')])).toEqual([]);
  });

  it('are not eligible where the merchant is none to be rewarded', () => {
    const large = registered(REGISTERED, { followers: 1_000 });
    const stream = started('s1', STARTED, { followers: 1_000 });
    expect(starts(LAUNCH, [large, stream])).toMatchObject([
      { outcome: 'not_eligible', decidedBy: null },
    ]);
  });

  it('of merchants who register later are granted then', () => {
    const granter = granterOf(LAUNCH);
    expect(granter.take([started('s1', STARTED)])).toMatchObject([
      { outcome: 'not_eligible' },
    ]);
    expect(granter.take([registered('2024-11-11T11:00:00')])).toMatchObject([
      { outcome: 'granted', decidedBy: 0 },
    ]);
  });

  it('of one batch are told by how they ended', () => {
    expect(
      starts(LAUNCH, [
        started('s1', STARTED),
        registered('2024-11-11T11:00:00'),
      ]),
    ).toMatchObject([{ outcome: 'granted', decidedBy: 1 }]);
  });

  it('say that a pool was dry, and nothing of one that had a part', () => {
    const granter = granterOf(LAUNCH);
    const stream = (merchantId: string) => [
      registered(REGISTERED, { merchantId }),
      started('s1', STARTED, { merchantId }),
    ];
    granter.pools.set('new-merchant-launch\nLIVE_IMP', 1n);
    expect(granter.take(stream('m1'))).toMatchObject([{ outcome: 'granted' }]);
    expect(granter.take(stream('m2'))).toMatchObject([
      { merchantId: 'm2', outcome: 'pool_dry', decidedBy: null },
    ]);
  });

  it('are late where they come to light after the grace', () => {
    const program = smallGoal(
      { metric: 'firstStream', period: 'day' },
      { graceHours: 1 },
    );
    const stream = [started('s1', STARTED)];
    expect(
      granterOf(program).take(stream, timeMs('2024-11-13T00:00:00')),
    ).toMatchObject([{ program: 'small', outcome: 'late' }]);
  });

  it('are told by each program that rewards them at once, and no other', () => {
    const yearRound = shippedProgram('livestream-year-round');
    const settling = smallGoal({
      metric: 'firstStream',
      period: 'day',
      settlesAfterDays: 1,
    });
    expect(
      granterOf(LAUNCH, yearRound, settling)
        .take([registered(REGISTERED), started('s1', STARTED)])
        .map(({ program, outcome }) => [program, outcome]),
    ).toEqual([
      ['new-merchant-launch', 'granted'],
      ['livestream-year-round', 'granted'],
    ]);
    expect(starts(settling, [started('s1', STARTED)])).toEqual([]);
  });

  it('of flagged merchants are none', () => {
    expect(
      starts(LAUNCH, [
        registered(REGISTERED),
        flagged('merchant', 'm1', '2024-11-11T09:30:00'),
        started('s1', STARTED),
      ]),
    ).toEqual([]);
  });
});

function starts(program: Program, events: readonly ActivityEvent[]) {
  return granterOf(program).take(events);
}

function granterOf(...programs: readonly Program[]) {
  const set = new ProgramSet(programs);
  const counted: CountedEvent[] = [];
  const granter = new GranterInMemory(set, {
    onCounted: (event) => counted.push(event),
  });
  let offset = 0;
  return {
    pools: granter.pools,
    take(events: readonly ActivityEvent[], clockMs = -Infinity) {
      counted.length = 0;
      const outcome = granter.run(
        events.map((event) => {
          offset += 1;
          const { source, id } = event;
          const topic = 'merchant.activity.v1';
          const at = { topic, partition: 0, offset: String(offset) };
          return { event, reference: { ...at, source, id } };
        }),
        clockMs,
      );
      return coldStartsOf(set, counted, outcome);
    },
  };
}
