import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { readManifest } from '@app/exports/postgres';
import {
  budgetOf,
  commitAt,
  fillLedger,
  grantTo,
} from '../../libs/exports/test/ledger.js';
import {
  createLedger,
  type TestLedger,
} from '../../libs/ledger/test/journal.js';
import { NOW_MS } from '../../libs/ledger/test/entries.js';
import { eventually } from '../../test/support/eventually.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);
const RUN = join(ROOT, 'tools', 'run.mjs');
/** Several row groups, and long enough to be killed in the middle. */
const MANY = 60_000;

describe('npm run ledger -- export', () => {
  let ledger: TestLedger;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
    ledger = await createLedger(inject('postgresUrl'));
    await fillLedger(ledger.pool);
  });
  afterAll(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  it('writes a file, and says what it holds', async () => {
    const { stdout, stderr } = await run('november.csv', [
      '--format=csv',
      '--period=2024-11',
    ]);
    expect(stdout).toMatch(
      /^exported 62 entries with 104 postings to \S+november\.csv\n[\d,]+ bytes, SHA-256 [0-9a-f]{64}\n$/,
    );
    expect(stderr).toContain('exported: 62 of 62\n');
    expect(stderr).toContain(
      '2 fields would be formulas in a spreadsheet: import them as text, or use --escape-formulas.\n',
    );
    const text = await readFile(join(folder, 'november.csv'), 'utf8');
    expect(text).toMatch(/^entry_id,journal,shard,sequence,kind,merchant_id,/);
  });

  it('writes an empty file for a merchant that there is not, and says so', async () => {
    const { stdout, stderr } = await run('nobody.ndjson', [
      '--format=ndjson',
      '--merchant=nobody',
    ]);
    expect(stdout).toContain('exported 0 entries with 0 postings to ');
    expect(stderr).toContain(
      'The file holds no entry: none of merchant "nobody" was recorded in the period.\n',
    );
    expect(await readFile(join(folder, 'nobody.ndjson'), 'utf8')).toBe('');
  });

  it('says in one sentence what is wrong', async () => {
    await expect(run('wrong.csv', ['--format=xlsx'])).rejects.toMatchObject({
      code: 2,
      stderr: '--format is "xlsx": expected csv, ndjson, parquet or hledger.\n',
    });
    await expect(run('wrong.csv', ['--resume'])).rejects.toMatchObject({
      code: 1,
      stderr: `There is no interrupted export at ${join(folder, 'wrong.csv')}.\n`,
    });
  });

  it('says in one sentence that there is no database, or no folder', async () => {
    await expect(
      run(
        'none.csv',
        ['--format=csv'],
        'postgres://postgres@127.0.0.1:1/ledger',
      ),
    ).rejects.toMatchObject({
      code: 1,
      stderr:
        'The ledger cannot be exported (connect ECONNREFUSED 127.0.0.1:1): run npm start first, or set DATABASE_URL.\n',
    });
    await expect(
      run('no/folder/none.csv', ['--format=csv']),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^The file cannot be written \(ENOENT: .*\)\.\n$/,
      ) as string,
    });
  });

  describe('killed in the middle', () => {
    beforeAll(async () => {
      await commitAt(ledger.pool, 3, NOW_MS, [budgetOf('ladder', 2n ** 62n)]);
      const grants = Array.from({ length: 3_000 }, (_, i) =>
        grantTo(`m${i}`, NOW_MS, 'ladder', 1n),
      );
      for (let count = 0; count < MANY; count += grants.length)
        await commitAt(ledger.pool, 3, NOW_MS, grants);
    });

    // The formats that are text go on alike.
    it.each(['csv', 'parquet'])(
      'goes on to the same bytes as %s',
      async (format) => {
        const name = `killed.${format}`;
        const path = join(folder, name);
        const child = start(name, [`--format=${format}`]);
        const closed = once(child, 'close');
        await eventually(async () => {
          const { position = null } =
            (await readManifest(path))?.progress ?? {};
          if ((position ?? 0n) <= 5_000n) throw new Error('not begun');
        }, 90_000);
        child.kill('SIGKILL');
        await closed;
        await expect(readFile(path)).rejects.toThrow('ENOENT');

        await expect(
          run(name, ['--resume', `--format=${format}`, '--merchant=m1']),
        ).rejects.toMatchObject({
          stderr: `The export at ${path} was begun with other options: leave them out, or export to another file.\n`,
        });
        await run(name, ['--resume']);
        await run(`whole.${format}`, [`--format=${format}`]);
        const resumed = await readManifest(path);
        const whole = await readManifest(join(folder, `whole.${format}`));
        expect(resumed).toEqual({ ...whole, cutAt: resumed?.cutAt });
        const [resumedBytes, wholeBytes] = await Promise.all([
          readFile(path),
          readFile(join(folder, `whole.${format}`)),
        ]);
        expect(resumedBytes.equals(wholeBytes)).toBe(true);
      },
      240_000,
    );
  });

  function run(out: string, args: string[], url = ledger.url) {
    return execute(process.execPath, argumentsOf(out, args), envOf(url));
  }

  function start(out: string, args: string[]) {
    return spawn(process.execPath, argumentsOf(out, args), {
      ...envOf(ledger.url),
      stdio: 'ignore',
    });
  }

  function argumentsOf(out: string, args: string[]): string[] {
    return [RUN, 'ledger', 'export', '--out', join(folder, out), ...args];
  }

  function envOf(url: string) {
    return { env: { ...process.env, DATABASE_URL: url } };
  }
});
