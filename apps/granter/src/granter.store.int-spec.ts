import fc from 'fast-check';
import { inject } from 'vitest';
import {
  createPool,
  cutAt,
  ledgerTotals,
  programFundsAsOf,
  readPublishedPrograms,
  rebuildDerivedTables,
  reconcileActivity,
  ROLES,
  verifyLedger,
  type Pool,
} from '@app/ledger/postgres';
import { parsePrograms, type Program } from '@app/programs';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import {
  happened,
  paid,
  refunded,
  timeMs,
} from '../../../libs/programs/test/activity.js';
import {
  anyTightPrograms,
  anyVersions,
} from '../../../libs/programs/test/any-programs.js';
import {
  SHIPPED_FILES,
  smallGoal,
} from '../../../libs/programs/test/programs.js';
import { arrivalsOf } from '../test/arrivals.js';
import { activityOf } from '../test/merchants.js';
import { TwinGranters } from '../test/twin-granters.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** From when any activity is, to within the windows of the programs that are shipped. */
const TO_THE_FESTIVAL_MS = 730 * DAY_MS;
const SEEDS = [1, 2, 3, 4];

describe('the granter on PostgreSQL', () => {
  let ledger: TestLedger;
  let pool: Pool;
  let shards = 0;
  /** How often what the samples are to hold was in them. */
  const seen = { taken: 0, settled: 0, late: 0, unpaid: 0, recounted: 0 };

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    pool = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 4,
      role: ROLES.granter,
    });
  });
  afterAll(async () => {
    await pool.end();
    await ledger.close();
  });

  describe.each(SEEDS)('whatever merchants do (%i)', (seed) => {
    it('does what the one in memory does, under the programs that are shipped', async () => {
      const twins = twinsOf(parsePrograms(SHIPPED_FILES));
      await live(twins, seed, activityOf(seed, TO_THE_FESTIVAL_MS));
    });

    it('does so under programs of every kind, with caps and pools that run dry', async () => {
      const twins = twinsOf(
        fc
          .sample(anyTightPrograms, { seed, numRuns: 3 })
          .flatMap((programs, i) => programs.map((one) => named(one, i))),
      );
      await live(twins, seed, activityOf(seed));
    });

    it('does so where versions of programs come while it runs', async () => {
      const [first, ...others] = fc
        .sample(anyVersions, { seed, numRuns: 30 })
        .find(({ length }) => length > 1)!;
      const twins = twinsOf([first!]);
      const events = activityOf(seed);
      const half = events.length / 2;
      await live(twins, seed, events.slice(0, half));
      twins.publish([first!, ...others]);
      await live(twins, seed, events.slice(half));
    });
  });

  it('was shown all of it: what is late, settled, unpaid, taken back and counted anew', () => {
    expect(Object.values(seen).filter((count) => count < 10)).toEqual([]);
  });

  it('has written ledgers that verify, from which all else follows', async () => {
    const findings: string[] = [];
    await verifyLedger(ledger.pool, {
      shards: Array.from({ length: shards }, (_, i) => i),
      onFinding: ({ problem }) => findings.push(problem),
    });
    expect(findings).toEqual([]);
    const rebuilt = await rebuildDerivedTables(ledger.pool, { write: false });
    expect(rebuilt.flatMap(({ examples }) => examples)).toEqual([]);
  });

  it('has accepted what its entries name, each event in its commit and once', async () => {
    const { counts, differences, next } = await reconcileActivity(ledger.pool, {
      shards: Array.from({ length: shards }, (_, i) => i),
      differencesMax: 1,
      eventsMax: Infinity,
    });
    expect(differences).toEqual([]);
    expect(next).toBeNull();
    const { rows } = await ledger.pool.query(
      'SELECT type, count(*) AS accepted FROM activity GROUP BY type ORDER BY type COLLATE "C"',
    );
    expect(counts.map(({ type, accepted }) => ({ type, accepted }))).toEqual(
      rows,
    );
    const granted = counts.find(({ type }) => type === 'order.paid')!;
    expect(granted.ledToGrants).toBeGreaterThan(0n);
    expect(granted.ledToNothing).toBeGreaterThan(0n);
  });

  it('has the funds of each program as all its entries together say', async () => {
    const cut = await cutAt(
      ledger.pool,
      'now',
      Array.from({ length: shards }, (_, i) => i),
    );
    const { totals } = await ledgerTotals(ledger.pool, {
      from: null,
      to: cut,
      by: ['program'],
      entriesMax: 1_000_000,
    });
    const published = await readPublishedPrograms(ledger.pool);
    expect(published.length).toBeGreaterThan(1);
    for (const { program, funds } of published) {
      const asOf = await programFundsAsOf(ledger.pool, program, cut);
      expect(asOf).toMatchObject(funds);
      expect(
        asOf
          .filter(({ budget, left }) => left !== budget)
          .map(({ unit, granted, clawedBack }) => [unit, granted, clawedBack]),
      ).toEqual(
        totals
          .filter((total) => total.program === program)
          .map(({ unit, granted, clawedBack }) => [unit, granted, clawedBack]),
      );
    }
  });

  it('settles what is due without an event, more rows than it decides at once, the longest overdue first', async () => {
    const twins = twinsOf([SETTLING]);
    const merchants = Array.from({ length: 620 }, (_, i) => `m${i}`);
    await twins.take(
      merchants.map((merchantId, i) =>
        paid(
          `o${i}`,
          i % 3 === 0 ? '2024-11-13T09:00' : '2024-11-12T09:00',
          100,
          {
            merchantId,
          },
        ),
      ),
      timeMs('2024-11-12T10:00'),
    );
    const due = (time: string) =>
      twins.granter.store.readDueShards([twins.shard, 63], timeMs(time));
    expect(await due('2024-11-12T23:59:59')).toEqual([]);
    expect(await due('2024-11-13T00:00')).toEqual([twins.shard]);
    await twins.take([], timeMs('2024-11-20T00:00'));
    expect(await twins.tickStored()).toBe(2);
    await twins.tick(twins.clockMs);
    expect(await due('2034-11-13T00:00')).toEqual([]);
    await expectTwins(twins);
    expect(twins.remembered().entries).toHaveLength(merchants.length);
  });

  it('knows after a restart for which goals an event came too late', async () => {
    const graced = smallGoal({ metric: 'gmvMinor' }, { graceHours: 0 });
    const twins = twinsOf([graced, inWeeks(graced)]);
    await twins.take(
      [paid('o1', '2024-11-11T09:00', 500)],
      timeMs('2024-11-12T00:00'),
    );
    const { rows } = await pool.query(
      'SELECT late_for FROM activity WHERE shard = $1',
      [twins.shard],
    );
    expect(rows).toEqual([{ late_for: 'small/daily-orders' }]);
    // The refund takes from the week what it had, and from the day nothing.
    twins.restart();
    await twins.take(
      [refunded('o1', '2024-11-11T10:00', 200)],
      timeMs('2024-11-12T01:00'),
    );
    await expectTwins(twins);
    expect(twins.inMemory.progress.get('m1')?.size).toBe(1);
  });

  it('loses nothing and does nothing twice where two processes write, one of them with an old head', async () => {
    const twins = twinsOf([SETTLING, smallGoal({ tiers: LADDER })]);
    const other = twins.startProcess();
    await twins.take(
      [paid('o1', '2024-11-11T09:00', 100)],
      timeMs('2024-11-11T10:00'),
    );
    const again = twins.log.at(0n);
    await other.take(again);
    await twins.take(
      [paid('o2', '2024-11-11T10:00', 100)],
      timeMs('2024-11-11T11:00'),
    );
    expect(await other.tick()).toBe(false);
    await other.take(twins.log.at(0n, 1n));
    await twins.tick(timeMs('2024-11-12T00:00'));
    expect(await other.tick()).toBe(false);
    await twins.take(
      [paid('o3', '2024-11-11T11:00', 100)],
      timeMs('2024-11-12T01:00'),
    );
    await expectTwins(twins);
  });

  it('shows auditors which first streams were eligible, which were given traffic, and how soon', async () => {
    const launch = smallGoal(
      {
        goal: 'cold-start',
        metric: 'firstStream',
        period: 'lifetime',
        tiers: LADDER.slice(0, 1),
      },
      { program: 'launch', pools: { ANY_IMP: 2 } },
    );
    const twins = twinsOf([launch, smallGoal({ tiers: LADDER })]);
    const started = (merchantId: string, time: string) =>
      happened(
        'live.started',
        time,
        { sessionId: `s-${merchantId}`, followers: 0 },
        merchantId,
      );
    await twins.take(
      ['m1', 'm2', 'm3'].map((merchantId, i) =>
        started(merchantId, `2024-11-11T09:00:0${i}`),
      ),
      timeMs('2024-11-11T09:00:03'),
    );
    await twins.take(
      [paid('o1', '2024-11-11T09:00', 1, { merchantId: 'm4' })],
      timeMs('2024-11-11T09:30'),
    );
    const { rows } = await ledger.pool.query(
      `SELECT merchant_id, program, goal, granted, seconds::float FROM audit.cold_start
       WHERE shard = $1 ORDER BY merchant_id`,
      [twins.shard],
    );
    const told = { program: 'launch', goal: 'cold-start' };
    expect(rows).toEqual([
      { merchant_id: 'm1', ...told, granted: 1n, seconds: 3 },
      { merchant_id: 'm2', ...told, granted: 1n, seconds: 2 },
      { merchant_id: 'm3', ...told, granted: 0n, seconds: null },
    ]);
  });

  it('counts what it leaves unpaid, and what is late', async () => {
    const twins = twinsOf([
      smallGoal({ tiers: LADDER }, { graceHours: 0, pools: { ANY_IMP: 1 } }),
    ]);
    await twins.take(
      [paid('o1', '2024-11-11T09:00', 1), paid('o2', '2024-11-10T09:00', 1)],
      timeMs('2024-11-11T10:00'),
    );
    await twins.take(
      [paid('o3', '2024-11-11T09:00', 1)],
      timeMs('2024-11-11T10:00'),
    );
    const metrics = await twins.granter.registry.metrics();
    expect(metrics).toContain('granter_late_events_total 1');
    expect(metrics).toContain(
      'granter_unpaid_rewards_total{because="pool_dry"} 1',
    );
    await expectTwins(twins);
  });

  function twinsOf(programs: readonly Program[]): TwinGranters {
    return new TwinGranters(
      pool,
      shards++,
      programs,
      timeMs('2024-10-01T00:00'),
    );
  }

  /** Both take what comes by, and time passes; in the end all settles. */
  async function live(
    twins: TwinGranters,
    seed: number,
    events: Parameters<typeof arrivalsOf>[0],
  ): Promise<void> {
    const restarts = seed % 2 === 0;
    for (const arrival of arrivalsOf(events, seed)) {
      const { clockMs, cuts } = arrival;
      await twins.tick(Math.max(twins.clockMs, clockMs - HOUR_MS));
      await twins.take(arrival.events, Math.max(twins.clockMs, clockMs), {
        cuts,
        restarts,
      });
    }
    await expectTwins(twins);
    await twins.tick(twins.clockMs + 60 * DAY_MS);
    await expectTwins(twins);
    await notice(twins);
  }

  async function expectTwins(twins: TwinGranters): Promise<void> {
    expect(await twins.stored()).toEqual(twins.remembered());
  }

  async function notice(twins: TwinGranters): Promise<void> {
    const { entries } = twins.remembered();
    seen.taken += entries.filter(({ kind }) => kind === 'clawback').length;
    seen.settled += entries.filter(({ cause }) =>
      cause.includes('settledAt'),
    ).length;
    seen.unpaid += twins.unpaid.length;
    const { rows } = await pool.query<{ late: bigint; flags: bigint }>(
      `SELECT count(late_for) AS late, count(*) FILTER (WHERE type = 'risk.flagged' AND about = '') AS flags
       FROM activity WHERE shard = $1`,
      [twins.shard],
    );
    seen.late += Number(rows[0]!.late);
    seen.recounted += Number(rows[0]!.flags);
  }
});

/** A day's orders settle at its end. */
const SETTLING = smallGoal(
  { settlesAfterDays: 0 },
  { program: 'settling', pools: { ANY_IMP: 1_000_000 } },
);

const LADDER = [1, 2, 3].map((at) => ({
  tier: `at-${at}`,
  at,
  rewards: [{ unit: 'ANY_IMP', amount: 1, expiresAfterDays: 7 }],
}));

function inWeeks(program: Program): Program {
  const goals = program.goals.map((goal) => ({
    ...goal,
    period: 'week' as const,
  }));
  return { ...program, program: 'weekly', goals };
}

/** Many programs in one set have names of their own. */
function named(program: Program, i: number): Program {
  return { ...program, program: `${program.program}-${i}` };
}
