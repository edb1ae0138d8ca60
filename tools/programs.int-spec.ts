import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { directoryChanges } from '@app/programs';
import { recordProgramChanges } from '@app/programs/postgres';
import { SMALL_FILE } from '../libs/programs/test/programs.js';
import { createLedger, type TestLedger } from '../libs/ledger/test/journal.js';
import { ROOT } from './support/paths.js';

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

describe('npm run programs', () => {
  let ledger: TestLedger;
  let directory: string;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    directory = await mkdtemp(join(tmpdir(), 'programs-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
    await ledger.close();
  });

  function run(...args: string[]): Promise<Ended> {
    return runWith('', ...args);
  }

  async function runWith(programs: string, ...args: string[]): Promise<Ended> {
    const command = [join(ROOT, 'tools', 'run.mjs'), 'programs', ...args];
    return promisify(execFile)(process.execPath, command, {
      cwd: ROOT,
      env: { ...process.env, DATABASE_URL: ledger.url, PROGRAMS_DIR: programs },
    }).then(
      (ended) => ({ status: 0, ...ended }),
      ({ code, stdout, stderr }: Ended & { code: number }) => ({
        status: code,
        stdout,
        stderr,
      }),
    );
  }

  it('check: says what it has read', async () => {
    const { status, stdout } = await run('check');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^programs\/order-ladder\.yaml +order-ladder version 1 +2 goals$/m,
    );
    expect(stdout).toMatch(/^\d+ files, no mistake$/m);
  });

  it('check: says every mistake, with status 2', async () => {
    const file = join(directory, 'wrong.yaml');
    await writeFile(file, 'program: wrong\nversion: one\n');
    const { status, stdout } = await run('check', 'programs', file);
    expect(status).toBe(2);
    expect(stdout).toContain(
      `${file}:2:1: version: expected a whole number from 1 to 9007199254740991`,
    );
    expect(stdout).toMatch(/^4 mistakes in 1 of \d+ files$/m);
  });

  it('schema: prints the one beside the programs', async () => {
    const { stdout } = await run('schema');
    const committed = await readFile(
      join(ROOT, 'programs', 'program.schema.json'),
      'utf8',
    );
    expect(stdout).toBe(committed);
  });

  it('dry-run: says where nothing was recorded, also as JSON', async () => {
    const draft = 'programs/order-ladder.yaml';
    expect(await run('dry-run', draft)).toEqual({
      status: 0,
      stdout: 'no activity yet\n',
      stderr:
        'No version of order-ladder is published and holds: the draft is alone.\n',
    });
    const { stdout } = await run('dry-run', draft, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      from: null,
      activity: { events: 0, first: null },
      draft: { version: 1, units: [{ unit: 'LIVE_IMP', granted: 0 }, {}, {}] },
      running: null,
    });
  });

  it('dry-run: puts beside a draft what is published and holds then, or what it is told to', async () => {
    const published = await readFile(
      join(ROOT, 'programs', 'order-ladder.yaml'),
      'utf8',
    );
    const next = published.replace(
      'version: 1',
      'version: 2\nstartsAt: 2030-01-01T00:00:00+08:00',
    );
    const by = { madeBy: 'olga', reason: null, changeId: null };
    const files = [published, next].map((text) => ({ fileName: 'a', text }));
    await recordProgramChanges(ledger.pool, by, (changes, known) =>
      directoryChanges(files, changes, known),
    );
    const draft = join(directory, 'draft.yaml');
    await writeFile(draft, published.replace('version: 1', 'version: 3'));
    const running = async (...args: string[]) => {
      const { stdout } = await run('dry-run', draft, '--json', ...args);
      return JSON.parse(stdout) as { running: unknown };
    };
    expect(await running()).toMatchObject({ running: { version: 1 } });
    expect(
      await running('--against', join(directory, 'draft.yaml')),
    ).toMatchObject({ running: null });
    const { stderr } = await run('dry-run', 'programs/order-ladder.yaml');
    expect(stderr).toBe(
      'order-ladder runs as the draft has it: the draft is alone.\n',
    );
  });

  it('dry-run: reads times in the zone of the draft', async () => {
    const { stdout } = await run(
      'dry-run',
      'programs/order-ladder.yaml',
      '--from',
      '2026-11-01',
    );
    expect(stdout).toBe('no activity from 2026-11-01T00:00:00+08:00\n');
  });

  it('dry-run: refuses what it cannot read, in a sentence', async () => {
    expect(await run('dry-run', 'nowhere.yaml')).toMatchObject({
      status: 2,
      stderr: 'There is no nowhere.yaml.\n',
    });
    expect(
      await run(
        'dry-run',
        'programs/order-ladder.yaml',
        '--database-url',
        'postgres://127.0.0.1:1/none',
      ),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/The ledger cannot be read \(/) as string,
    });
  });

  it('forget-activity: has nothing to forget in a new ledger, and keeps the last 400 days', async () => {
    expect(
      await run('forget-activity', '--before', '2020-01-01T00:00:00Z'),
    ).toMatchObject({
      status: 0,
      stdout: 'no quarter was over by then: there is nothing to forget\n',
    });
    expect(
      await run('forget-activity', '--before', '2090-01-01T00:00:00Z'),
    ).toMatchObject({ status: 2 });
  });

  it('forget-activity: forgets also where no grace is named, or sessions are counted', async () => {
    const programs = await mkdtemp(join(directory, 'running-'));
    for (const name of ['order-ladder', 'fuyao-plan', 'new-merchant-launch'])
      await copyFile(
        join(ROOT, 'programs', `${name}.yaml`),
        join(programs, `${name}.yaml`),
      );
    await ledger.pool.query(
      `SELECT ensure_quarter('activity', '2020-02-01T00:00:00Z')`,
    );
    const { status, stdout } = await runWith(
      programs,
      'forget-activity',
      '--before',
      '2021-01-01T00:00:00Z',
      '--yes',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^activity_2020q1 /);
    expect(stdout).toContain('forgotten; all is kept from 2020-04-01 on\n');
  });

  it('forget-activity: refuses while a program may still count it', async () => {
    await ledger.pool.query(
      `SELECT ensure_quarter('activity', '2020-05-01T00:00:00Z')`,
    );
    const text = JSON.stringify({
      ...SMALL_FILE,
      goals: [{ ...SMALL_FILE.goals[0], period: 'lifetime' }],
    });
    const by = { madeBy: 'olga', reason: null, changeId: null };
    await recordProgramChanges(ledger.pool, by, (changes, known) =>
      directoryChanges([{ fileName: 'small.yaml', text }], changes, known),
    );
    const { status, stderr } = await run(
      'forget-activity',
      '--before',
      '2021-01-01T00:00:00Z',
      '--yes',
    );
    expect(status).toBe(1);
    expect(stderr).toContain('Nothing is forgotten');
    expect(stderr).toContain('  small, daily-orders: for ever\n');
  });
});
