import { inject } from 'vitest';
import { TOPICS } from '@app/contracts';
import type { EntryDraft } from '@app/ledger';
import {
  createPool,
  readEntries,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import {
  FIRST_PROGRAM_CHANGE,
  GranterInMemory,
  issuesOf,
  poolKey,
  programsAfter,
  programSetOf,
  ProgramSet,
  publicationOf,
  type ProgramChange,
} from '@app/programs';
import {
  readProgramChanges,
  recordProgramChanges,
  type NewProgramChange,
} from '@app/programs/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import {
  BY_API,
  smallFile,
} from '../../../libs/programs/test/program-changes.js';
import { randomOf } from '../../../libs/streaming/test/random.js';
import { arrivalsOf } from '../test/arrivals.js';
import { ActivityLog, SetClock } from '../test/granter-by-hand.js';
import { GranterProcess, type Cut } from '../test/granter-process.js';
import { activityOf } from '../test/merchants.js';
import { PLACE, placeOf, told } from '../test/twin-granters.js';

const SHARD = 3;
const DAY_MS = 86_400_000;

const reward = (amount: number) => [
  { unit: 'ANY_IMP', amount, expiresAfterDays: 7 },
];
/** Pays at once, and takes back. */
const ALPHA = {
  program: 'alpha',
  pools: { ANY_IMP: 1_000_000 },
  takeBack: { refunds: 'difference', flags: 'all', flaggedFrom: 'start' },
  goals: [
    {
      goal: 'sales',
      metric: 'orders',
      period: 'week',
      every: { count: 1, rewards: reward(10) },
    },
  ],
};
/** Settles by the clock. */
const BETA = {
  ...ALPHA,
  program: 'beta',
  goals: [{ ...ALPHA.goals[0], period: 'day', settlesAfterDays: 2 }],
};

/** What operators do, one after the other, while merchants are at work. @param nowMs when it is done */
const ACTS: ((
  nowMs: number,
) => ReturnType<typeof smallFile> | NewProgramChange)[] = [
  () => smallFile(ALPHA),
  () => smallFile(BETA),
  () => ({ change: 'paused', program: 'alpha' }),
  () => ({ change: 'resumed', program: 'alpha' }),
  (nowMs) =>
    smallFile({
      ...ALPHA,
      version: 2,
      startsAt: new Date(nowMs + DAY_MS).toISOString(),
      goals: [{ ...ALPHA.goals[0], every: { count: 2, rewards: reward(50) } }],
    }),
  () => ({ change: 'paused', program: 'beta' }),
  () => ({ change: 'resumed', program: 'beta' }),
];

describe.each([1, 2, 3])(
  'a journal under programs that changed (%i)',
  (seed) => {
    let ledger: TestLedger;
    let pool: Pool;
    let operators: Pool;

    beforeAll(async () => {
      ledger = await createLedger(inject('postgresUrl'));
      [pool, operators] = [ROLES.granter, ROLES.api].map((role) =>
        createPool(ledger.url, {
          applicationName: 'test',
          maxConnections: 4,
          role,
        }),
      ) as [Pool, Pool];
    });
    afterAll(async () => {
      await Promise.all([pool.end(), operators.end()]);
      await ledger.close();
    });

    it('is decided once more, entry by entry, by what its commits say, whoever died in between', async () => {
      const random = randomOf(seed);
      const clock = new SetClock(0);
      const log = new ActivityLog(SHARD);
      const nextCut = (): Cut => {
        const chance = random();
        if (chance < 0.1) return 'before';
        return chance < 0.2 ? 'after' : null;
      };
      const start = () => new GranterProcess(pool, clock, log, nextCut);
      // Two think that they have the shard, and neither has always read what is new.
      const processes = [start(), start()];
      /** Until it is done, by whoever is alive. */
      const persist = async (
        work: (process: GranterProcess) => Promise<void>,
      ) => {
        for (;;) {
          const place = random() < 0.5 ? 0 : 1;
          try {
            return await work(processes[place]!);
          } catch (error) {
            if (!(error as Error).message.startsWith('died')) throw error;
            processes[place] = start();
          }
        }
      };

      const arrivals = arrivalsOf(activityOf(seed), seed);
      const acts = ACTS.map((act, i) => ({
        act,
        at: Math.floor((i * arrivals.length) / ACTS.length),
      }));
      for (const [i, { clockMs, events, cuts }] of arrivals.entries()) {
        clock.atMs = clockMs;
        for (const { act } of acts.filter(({ at }) => at === i))
          await record(operators, act(clockMs), clockMs);
        const messages = log.add(events);
        for (const length of [...cuts, messages.length]) {
          const batch = messages.splice(0, length);
          if (batch.length > 0) await persist((one) => one.take(batch));
          if (random() < 0.5) await persist((one) => one.poll());
        }
        await persist((one) => one.shards.tick(SHARD));
      }

      const recorded = await recordedEntries(pool);
      expect(recorded.length).toBeGreaterThan(20);
      expect(await decidedAgain(pool, log)).toEqual(recorded);
    });
  },
);

async function record(
  operators: Pool,
  act: ReturnType<(typeof ACTS)[number]>,
  nowMs: number,
): Promise<void> {
  const by = { madeBy: 'alice', reason: null, changeId: BY_API };
  await recordProgramChanges(operators, by, (changes, known) =>
    'change' in act
      ? [act]
      : [publicationOf(act, changes, known, nowMs).change!],
  );
}

async function recordedEntries(pool: Pool) {
  const entries = (
    await readEntries(pool, 'grants', SHARD, 1n, 100_000)
  ).filter(({ merchantId }) => merchantId !== null);
  const places = new Map(
    entries.map(({ sequence }, i) => [
      `grants-${SHARD}-${sequence}`,
      `#${i + 1}`,
    ]),
  );
  return entries.map((entry) => told(entry, (id) => places.get(id) ?? id));
}

interface BatchRow {
  activity: bigint;
  programs: bigint;
  ticked_at: Date;
}

/** By a granter in memory: the same events, in the same batches, at the same times, with the same programs. */
async function decidedAgain(pool: Pool, log: ActivityLog) {
  const changes = await readProgramChanges(pool, FIRST_PROGRAM_CHANGE);
  const { rows } = await pool.query<BatchRow>(
    `SELECT coalesce((consumed ->> $2)::bigint, 0) AS activity, coalesce((consumed ->> 'programs')::bigint, 1) AS programs,
       ticked_at
     FROM journal_batch WHERE shard = $1 AND journal = 'grants' ORDER BY revision`,
    [SHARD, TOPICS.activity],
  );
  const granter = new GranterInMemory(new ProgramSet([]), { shard: SHARD });
  const drafts: EntryDraft[] = [];
  let [taken, position] = [0n, FIRST_PROGRAM_CHANGE];
  for (const { activity, programs, ticked_at } of rows) {
    if (programs !== position) follow(granter, changes, programs);
    position = programs;
    const inputs = log.inputs(taken, activity);
    taken = activity;
    drafts.push(...granter.run(inputs, ticked_at.getTime()).drafts);
  }
  return drafts.map((draft, i) =>
    told({ ...draft, ...PLACE, sequence: BigInt(i + 1) }, placeOf),
  );
}

function follow(
  granter: GranterInMemory,
  changes: readonly ProgramChange[],
  position: bigint,
): void {
  const ahead = changes.filter(({ sequence }) => sequence < position);
  const set = programSetOf(programsAfter(ahead));
  const known = granter.set.programs.map(
    ({ program, version }) => `${program} ${version}`,
  );
  for (const program of set.programs)
    if (!known.includes(`${program.program} ${program.version}`))
      for (const { unit, amount } of issuesOf(program)) {
        const key = poolKey(program.program, unit);
        granter.pools.set(key, (granter.pools.get(key) ?? 0n) + amount);
      }
  granter.set = set;
}
