import { inject } from 'vitest';
import type { ActivityEvent } from '@app/contracts';
import {
  createPool,
  readEntries,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import { publicationOf, type ProgramText } from '@app/programs';
import {
  recordProgramChanges,
  type NewProgramChange,
} from '@app/programs/postgres';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { paid, timeMs } from '../../../libs/programs/test/activity.js';
import {
  BY_API,
  smallFile,
} from '../../../libs/programs/test/program-changes.js';
import { ActivityLog, SetClock } from '../test/granter-by-hand.js';
import { GranterProcess } from '../test/granter-process.js';
import { publishDirectory } from './publish-directory.js';

const SHARD = 3;
const NOON = '2024-11-11T12:00';

describe('programs that change while granters run', () => {
  let ledger: TestLedger;
  let pool: Pool;
  let operators: Pool;
  let log: ActivityLog;
  const clock = new SetClock(timeMs(NOON));
  let orders = 0;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    const connect = (role: typeof ROLES.granter | typeof ROLES.api) =>
      createPool(ledger.url, {
        applicationName: 'test',
        maxConnections: 4,
        role,
      });
    pool = connect(ROLES.granter);
    operators = connect(ROLES.api);
    log = new ActivityLog(SHARD);
  });
  afterEach(async () => {
    await Promise.all([pool.end(), operators.end()]);
    await ledger.close();
  });

  const startProcess = () => new GranterProcess(pool, clock, log);
  const record = (draft: NewProgramChange | null) =>
    recordProgramChanges(
      operators,
      { madeBy: 'alice', reason: 'why', changeId: BY_API },
      () => (draft ? [draft] : []),
    );
  const publish = (file: ProgramText) =>
    recordProgramChanges(
      operators,
      { madeBy: 'alice', reason: null, changeId: BY_API },
      (changes, known) => {
        const { change } = publicationOf(file, changes, known, clock.atMs);
        return change ? [change] : [];
      },
    );
  const small = { program: 'small' };

  /** An order of a merchant of its own, which earns 100 where the program counts. */
  function order(merchantId = `m${(orders += 1)}`): ActivityEvent {
    return paid(`o-${merchantId}`, NOON, 1, { merchantId });
  }
  const take = (granter: GranterProcess, ...events: ActivityEvent[]) =>
    granter.take(log.add(events));

  async function granted(): Promise<(string | null)[]> {
    const entries = await readEntries(pool, 'grants', SHARD, 1n, 1_000);
    return entries.flatMap(({ kind, merchantId }) =>
      kind === 'grant' ? [merchantId] : [],
    );
  }

  /** What each commit had consumed. */
  async function consumed(): Promise<Record<string, number>[]> {
    const { rows } = await pool.query<{ consumed: Record<string, number> }>(
      'SELECT consumed FROM shard_head WHERE shard = $1',
      [SHARD],
    );
    return rows.map((row) => row.consumed);
  }

  it('are taken up between two batches, and say from which one on', async () => {
    const granter = startProcess();
    await granter.poll();
    await take(granter, order('a'));
    await publish(smallFile());
    // Not yet read: the batch is decided as the one before.
    await take(granter, order('b'));
    expect(await consumed()).toEqual([{ 'merchant.activity.v1': 2 }]);
    await granter.poll();
    expect(await consumed()).toEqual([
      { 'merchant.activity.v1': 2, programs: 2 },
    ]);
    await take(granter, order('c'));
    expect(await granted()).toEqual(['c']);
  });

  it('count nothing of what came before, also not where it comes again', async () => {
    const granter = startProcess();
    await take(granter, order('a'));
    await publish(smallFile());
    await granter.poll();
    await take(granter, order('a'), order('b'));
    expect(await granted()).toEqual(['b']);
  });

  it('are issued their budget, with their hash, when they are taken up', async () => {
    const granter = startProcess();
    const [published] = await publish(smallFile());
    await granter.poll();
    const entries = await readEntries(pool, 'grants', SHARD, 1n, 10);
    expect(entries.map(({ kind, cause }) => [kind, cause])).toEqual([
      [
        'budget',
        {
          type: 'program_published',
          program: 'small',
          version: 1,
          unit: 'ANY_IMP',
          programHash: (published as { programHash: string }).programHash,
        },
      ],
    ]);
  });

  it('are known to a process that takes over a shard, though it has not read them yet', async () => {
    const [one, other] = [startProcess(), startProcess()];
    await publish(smallFile());
    await one.poll();
    await take(other, order('a'));
    expect(await granted()).toEqual(['a']);
  });

  it('are not lost where a process dies that had read them, before or after it has taken them up', async () => {
    await publish(smallFile());
    for (const [i, cut] of (['before', 'after'] as const).entries()) {
      const dying = new GranterProcess(pool, clock, log, () => cut);
      await expect(dying.poll()).rejects.toThrow('died');
      const next = startProcess();
      await next.poll();
      await take(next, order(`m${i}`));
      await record({ change: 'paused', ...small });
      await record({ change: 'resumed', ...small });
    }
    expect(await granted()).toEqual(['m0', 'm1']);
    const { rows } = await pool.query(
      `SELECT revision FROM journal_batch WHERE shard = $1 AND consumed ? 'programs'`,
      [SHARD],
    );
    expect(rows).toHaveLength(4);
  });

  it('are decided with by nobody who has an old head', async () => {
    const [one, zombie] = [startProcess(), startProcess()];
    await take(zombie, order());
    await publish(smallFile());
    await one.poll();
    await take(zombie, order('a'));
    expect(await granted()).toEqual(['a']);
  });

  it('grant nothing while they are paused, and settle then what was due', async () => {
    const granter = startProcess();
    await publish(
      smallFile({
        goals: [
          {
            goal: 'sales',
            metric: 'orders',
            period: 'day',
            settlesAfterDays: 1,
            every: {
              count: 1,
              rewards: [{ unit: 'ANY_IMP', amount: 10, expiresAfterDays: 7 }],
            },
          },
        ],
      }),
    );
    await granter.poll();
    await take(granter, order('a'));
    await record({ change: 'paused', ...small });
    await granter.poll();
    await take(granter, order('b'));
    const due = () => granter.store.readDueShards([SHARD], clock.atMs);
    clock.atMs = timeMs('2024-11-14T00:00');
    expect(await due()).toEqual([]);
    await granter.shards.tick(SHARD);
    expect(await granted()).toEqual([]);
    await record({ change: 'resumed', ...small });
    await granter.poll();
    await granter.shards.tick(SHARD);
    expect(await granted()).toEqual(['a']);
    expect(await due()).toEqual([]);
    clock.atMs = timeMs(NOON);
  });

  it('end where their files are taken out of the directory, and not where they came by the api', async () => {
    const byApi = smallFile({ program: 'by-api' });
    await publish(byApi);
    await publishDirectory(pool, [smallFile()]);
    await publishDirectory(pool, [smallFile()]);
    const granter = startProcess();
    await granter.poll();
    await take(granter, order('a'));
    expect(await granted()).toEqual(['a', 'a']);
    await publishDirectory(pool, []);
    await granter.poll();
    await take(granter, order('b'));
    expect(await granted()).toEqual(['a', 'a', 'b']);
    const { rows } = await pool.query(
      'SELECT change, program, made_by FROM program_change ORDER BY sequence',
    );
    expect(rows).toEqual([
      { change: 'published', program: 'by-api', made_by: 'alice' },
      { change: 'published', program: 'small', made_by: 'PROGRAMS_DIR' },
      { change: 'withdrawn', program: 'small', made_by: 'PROGRAMS_DIR' },
    ]);
  });

  it('are recorded one after the other, whoever asks at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        publish(smallFile({ program: `p${i % 4}` })),
      ),
    );
    const { rows } = await pool.query<{ program: string; sequence: bigint }>(
      'SELECT sequence, program FROM program_change ORDER BY sequence',
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n, 4n]);
    expect(rows.map(({ program }) => program).sort()).toEqual([
      'p0',
      'p1',
      'p2',
      'p3',
    ]);
  });
});
