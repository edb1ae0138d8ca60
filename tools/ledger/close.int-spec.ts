import { execFile } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { EntryDraft } from '@app/ledger';
import { CHECKPOINT_PATH, LogDirectory } from '@app/transparency';
import { commitAt } from '../../libs/exports/test/ledger.js';
import { grantOf } from '../../libs/ledger/test/entries.js';
import {
  budgetOf,
  SealedLedger,
  VERIFIER_KEY,
} from '../../libs/sealing/test/sealing.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);

describe('npm run ledger -- close', () => {
  let ledger: SealedLedger;
  let bundle: string;
  let kept: string;

  beforeAll(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    const sealer = await ledger.open();
    const write = (shard: number, time: string, ...drafts: EntryDraft[]) =>
      commitAt(ledger.pool, shard, Date.parse(time), drafts);
    await write(1, '2024-10-15T12:00:00+08:00', budgetOf(1_000_000n));
    await write(1, '2024-10-31T23:59:59.999+08:00', grantOf(5n), grantOf(7n));
    await sealer.seal();
    // Sealed together with what is of the next month.
    await write(2, '2024-10-31T10:00:00+08:00', grantOf(11n));
    await write(1, '2024-11-01T00:00:00+08:00', grantOf(100n), grantOf(200n));
    await sealer.seal();
    kept = join(ledger.directory, 'kept.txt');
    await writeFile(kept, await published());
    await write(3, '2024-11-30T23:59:59.999+08:00', grantOf(300n));
    await sealer.seal();
    await write(1, '2024-12-01T00:00:00+08:00', grantOf(9_000n));
    await sealer.seal();
    await writeFile(join(ledger.logDirectory, 'key.pub'), `${VERIFIER_KEY}\n`);
    bundle = join(ledger.directory, 'november');
  });
  afterAll(() => ledger.close());

  it('writes a bundle of a month, and says how to check it', async () => {
    const { stdout } = await close('2024-11', bundle);
    expect(stdout).toBe(
      `closed 2024-11: 3 entries, at positions 4 to 9, in ${bundle}\n` +
        `check it with: node ${join(bundle, 'verify-close.mjs')} ${bundle}\n`,
    );
    const lines = JSON.parse(
      await readFile(join(bundle, 'trial-balance.json'), 'utf8'),
    ) as unknown;
    expect(lines).toEqual([
      line('available', '23', '600', '623'),
      line('issuance', '-1000000', '0', '-1000000'),
      line('pool:ladder', '999977', '-600', '999377'),
    ]);
  });

  it('is right, to a verifier that knows nothing but the bundle', async () => {
    const { stdout } = await check(bundle);
    expect(stdout).toBe(
      'all right: 3 entries of 2024-11, at positions 4 to 9 of example.com/ledger\n' +
        `signed by ${VERIFIER_KEY}, the key in the bundle: compare it with one that you have from elsewhere\n`,
    );
  });

  it('continues a checkpoint that was kept', async () => {
    const { stdout } = await check(bundle, [
      '--checkpoint',
      kept,
      '--public-key',
      VERIFIER_KEY,
    ]);
    expect(stdout).toContain('continues the kept checkpoint of 8 positions\n');
  });

  it('begins with nothing where the period is the first', async () => {
    const october = join(ledger.directory, 'october');
    await close('2024-10', october);
    const { stdout } = await check(october);
    expect(stdout).toMatch(/^all right: 4 entries of 2024-10, at positions 0 /);
  });

  it.each<[string, string, (text: string) => string, string]>([
    [
      'an amount, in both lines',
      'leaves.ndjson',
      (text) => text.replace('"-100"', '"-101"').replace('"100"', '"101"'),
      'wrong: the leaves do not make the root of the closing checkpoint\n',
    ],
    [
      'an entry that is gone',
      'leaves.ndjson',
      (text) => text.split('\n').slice(1).join('\n'),
      'wrong: the closing checkpoint is of 10 positions, and the leaves make 9\n',
    ],
    [
      'a trial balance',
      'trial-balance.json',
      (text) => text.replace('"623"', '"624"'),
      'wrong: available went from 23 to 624 ANY_IMP, but the entries moved 600\n',
    ],
    [
      'the opening of a trial balance',
      'trial-balance.json',
      (text) => text.replace('"23"', '"24"').replace('"623"', '"624"'),
      'wrong: the trial balance ["opening","ANY_IMP"] is off by 1\n',
    ],
    [
      'a checkpoint',
      'checkpoint.txt',
      (text) => text.replace('\n10\n', '\n11\n'),
      'wrong: a checkpoint is not signed by example.com/ledger\n',
    ],
    [
      'the number of entries',
      'manifest.json',
      (text) => text.replace('"entries": 3', '"entries": 4'),
      'wrong: 3 entries are of the period, and not 4\n',
    ],
    [
      'the opening hashes',
      'manifest.json',
      (text) => text.replace(/("openingHashes": \[\s+")../, '$100'),
      'wrong: the leaves do not make the root of the opening checkpoint\n',
    ],
  ])('is found to be wrong by %s', async (_, name, change, said) => {
    const forged = await copyOf(bundle);
    await edit(join(forged, name), change);
    if (name !== 'manifest.json') {
      expect(await checkFailing(forged)).toBe(
        `wrong: ${name} is not the file that the manifest names\n`,
      );
      await nameAgain(forged, name);
    }
    expect(await checkFailing(forged)).toBe(said);
  });

  it('is found not to continue a checkpoint that was signed for another history', async () => {
    const other = await readFile(kept, 'utf8');
    const forged = join(ledger.directory, 'other.txt');
    await writeFile(forged, other.replace('\n8\n', '\n7\n'));
    await expect(check(bundle, ['--checkpoint', forged])).rejects.toMatchObject(
      { code: 1 },
    );
  });

  it.each([
    [
      ['--period', '2099-01'],
      1,
      /^2099-01 ends at 2099-01-31T16:00:00.000Z: close it a minute later/,
    ],
    [[], 2, /^Say which period: --period 2024-11, for instance\.\n/],
    [['--period', '2024-13'], 2, /^--period is "2024-13"/],
  ])('says in one sentence what is wrong with %j', async (args, code, said) => {
    await expect(run([...args])).rejects.toMatchObject({
      code,
      stderr: expect.stringMatching(said) as string,
    });
  });

  async function published(): Promise<Buffer> {
    return (await new LogDirectory(ledger.logDirectory).read(CHECKPOINT_PATH))!;
  }

  function close(period: string, out: string) {
    return run(['--period', period, '--out', out]);
  }

  function run(args: string[]) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'ledger', 'close', ...args],
      {
        env: {
          ...process.env,
          DATABASE_URL: ledger.url,
          SEAL_DIR: ledger.logDirectory,
        },
      },
    );
  }

  /** With the bundle's own verifier, as on another machine. */
  function check(directory: string, args: string[] = []) {
    return execute(
      process.execPath,
      [join(directory, 'verify-close.mjs'), '.', ...args],
      { cwd: directory, env: {} },
    );
  }

  async function checkFailing(directory: string): Promise<string> {
    const failed = await check(directory).then(
      () => null,
      (error: unknown) => error as { code: number; stdout: string },
    );
    expect(failed?.code).toBe(1);
    return failed!.stdout;
  }

  async function copyOf(directory: string): Promise<string> {
    const copy = join(ledger.directory, 'forged');
    await rm(copy, { recursive: true, force: true });
    await cp(directory, copy, { recursive: true });
    return copy;
  }
});

function line(
  account: string,
  opening: string,
  movement: string,
  closing: string,
) {
  return { account, unit: 'ANY_IMP', opening, movement, closing };
}

async function edit(path: string, change: (text: string) => string) {
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
}

/** Puts a file's hash into the manifest again, as whoever forges a bundle would. */
async function nameAgain(directory: string, name: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256')
    .update(await readFile(join(directory, name)))
    .digest('hex');
  await edit(join(directory, 'manifest.json'), (text) =>
    text.replace(new RegExp(`("${name}": ")[0-9a-f]+`), `$1${hash}`),
  );
}
