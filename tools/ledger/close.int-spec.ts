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

/** A merchant whose id has what some readers take for the end of a line. */
const LINES = 'one\u2028two\u2029three\u0085';

describe('npm run ledger -- close', () => {
  let ledger: SealedLedger;
  let bundle: string;
  let kept: string;
  let first: string;
  let early: string;
  let seal: (time: string) => Promise<unknown>;

  beforeAll(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    let nowMs = 0;
    const sealer = await ledger.open({ nowMs: () => nowMs });
    seal = (time) => {
      nowMs = Date.parse(time);
      return sealer.seal();
    };
    const write = (shard: number, time: string, ...drafts: EntryDraft[]) =>
      commitAt(ledger.pool, shard, Date.parse(time), drafts);
    await write(1, '2024-10-15T12:00:00+08:00', budgetOf(1_000_000n));
    await seal('2024-10-15T12:00:01+08:00');
    first = join(ledger.directory, 'first.txt');
    await writeFile(first, await published());
    await write(1, '2024-10-20T12:00:00+08:00', grantOf(5n));
    await seal('2024-10-20T12:00:01+08:00');
    await write(1, '2024-10-31T23:59:59.999+08:00', grantOf(7n));
    await seal('2024-11-01T00:00:00.500+08:00');
    // Sealed together with what is of the next month.
    await write(2, '2024-10-31T10:00:00+08:00', grantOf(11n));
    await write(1, '2024-11-01T00:00:00+08:00', grantOf(100n), grantOf(200n));
    await seal('2024-11-02T00:00:00+08:00');
    kept = join(ledger.directory, 'kept.txt');
    await writeFile(kept, await published());
    await write(3, '2024-11-30T23:59:59.999+08:00', grantOf(300n, LINES));
    await seal('2024-12-01T00:00:30+08:00');
    early = join(ledger.directory, 'early.txt');
    await writeFile(early, await published());
    await write(1, '2024-12-01T00:00:00+08:00', grantOf(9_000n));
    await seal('2024-12-01T00:01:00+08:00');
    await writeFile(join(ledger.logDirectory, 'key.pub'), `${VERIFIER_KEY}\n`);
    bundle = join(ledger.directory, 'november');
  });
  afterAll(() => ledger.close());

  it('writes a bundle of a month, and says how to check it', async () => {
    const { stdout } = await close('2024-11', bundle);
    expect(stdout).toBe(
      `closed 2024-11: 3 entries, at positions 2 to 13, in ${bundle}\n` +
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
      'all right: 3 entries of 2024-11, at positions 2 to 13 of example.com/ledger\n' +
        'all that was recorded from 2024-10-31T16:00:00.000Z to 2024-11-30T16:00:00.000Z: 2024-11 of Asia/Shanghai\n' +
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
    expect(stdout).toContain('continues the kept checkpoint of 10 positions\n');
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
      'wrong: block 1, at position 2, is not behind the 1 entries that it has from 2 on\n',
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
      (text) => text.replace('\n14\n', '\n15\n'),
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
    [
      'half a month by the name of the whole',
      'manifest.json',
      (text) => text.replace('2024-11-30T16:00', '2024-11-15T16:00'),
      'wrong: 2024-11 of Asia/Shanghai does not end at 2024-11-15T16:00:00.000Z\n',
    ],
    [
      'a time zone that the period is not of',
      'manifest.json',
      (text) => text.replace('Asia/Shanghai', 'UTC'),
      'wrong: 2024-11 of UTC does not begin at 2024-10-31T16:00:00.000Z\n',
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

  it('is found to be wrong where the manifest is not JSON', async () => {
    const forged = await copyOf(bundle);
    await writeFile(join(forged, 'manifest.json'), 'a manifest\n');
    expect(await checkFailing(forged)).toMatch(
      /^wrong: manifest.json is not JSON \(.+\)\n$/,
    );
  });

  it('is refused where its tail is cut off, and an older checkpoint put in', async () => {
    const forged = await copyOf(bundle);
    await cutOff(forged, 8, kept);
    await edit(join(forged, 'manifest.json'), (text) =>
      text.replace('"size": 14', '"size": 10').replace('s": 3', 's": 2'),
    );
    await forgetLastGrant(forged);
    expect(await checkFailing(forged)).toBe(
      'wrong: the last block, 3, was sealed at 2024-11-01T16:00:00.000Z, and not a minute or more after 2024-11 ended, 2024-11-30T16:00:00.000Z: entries of it may be missing behind\n',
    );
  });

  it('is refused where an entry is hidden by a field that is no text, but makes the same bytes', async () => {
    const forged = await copyOf(bundle);
    const recordedAtMs = Date.parse('2024-11-30T23:59:59.999+08:00');
    const bytes = JSON.stringify([...Buffer.from(String(recordedAtMs))]);
    await edit(join(forged, 'leaves.ndjson'), (text) =>
      text.replace(`"${recordedAtMs}"`, bytes),
    );
    await nameAgain(forged, 'leaves.ndjson');
    await edit(join(forged, 'manifest.json'), (text) =>
      text.replace('s": 3', 's": 2'),
    );
    await forgetLastGrant(forged);
    expect(await checkFailing(forged)).toBe(
      'wrong: the line of position 10 is not a list of texts\n',
    );
  });

  it('is refused where a late writer may still have recorded something', async () => {
    const forged = await copyOf(bundle);
    await cutOff(forged, 10, early);
    await edit(join(forged, 'manifest.json'), (text) =>
      text.replace('"size": 14', '"size": 12'),
    );
    expect(await checkFailing(forged)).toMatch(
      /^wrong: the last block, 4, was sealed at 2024-11-30T16:00:30.000Z, and not a minute or more after 2024-11 ended/,
    );
  });

  it('is refused for an empty month under the first checkpoint', async () => {
    const forged = await copyOf(join(ledger.directory, 'october'));
    await cutOff(forged, 2, first);
    await edit(join(forged, 'manifest.json'), (text) =>
      text
        .replace('"size": 10', '"size": 2')
        .replace('s": 4', 's": 0')
        .replace('"2024-10"', '"2025-01"')
        .replace('2024-09-30', '2024-12-31')
        .replace('2024-10-31', '2025-01-31'),
    );
    expect(await checkFailing(forged)).toMatch(
      /^wrong: the last block, 0, was sealed at 2024-10-15T04:00:01.000Z, and not a minute or more after 2025-01 ended/,
    );
  });

  it('begins with nothing but zero where the log does', async () => {
    const forged = await copyOf(join(ledger.directory, 'october'));
    await edit(join(forged, 'trial-balance.json'), (text) =>
      text
        .replace(
          '"opening":"0","movement":"23"',
          '"opening":"1","movement":"23"',
        )
        .replace('"closing":"23"', '"closing":"24"'),
    );
    await nameAgain(forged, 'trial-balance.json');
    expect(await checkFailing(forged)).toBe(
      'wrong: the opening balance of ["available","ANY_IMP"] is off by 1 from what the entries before come to\n',
    );
  });

  it('has each class of account once in its trial balance', async () => {
    const forged = await copyOf(join(ledger.directory, 'october'));
    const rows = ['available', 'issuance'].flatMap((account) =>
      ['5', '-5'].map((had) => JSON.stringify(line(account, had, '0', had))),
    );
    await edit(join(forged, 'trial-balance.json'), (text) =>
      text.replace('\n]', `,\n${rows.join(',\n')}\n]`),
    );
    await nameAgain(forged, 'trial-balance.json');
    expect(await checkFailing(forged)).toBe(
      'wrong: available is in the trial balance twice in ANY_IMP\n',
    );
  });

  it('is checked in a directory of whatever name', async () => {
    const odd = join(ledger.directory, 'a+b');
    await cp(bundle, odd, { recursive: true });
    const verifier = join(odd, 'verify-close.mjs');
    const { stdout } = await execute(process.execPath, [verifier, odd]);
    expect(stdout).toMatch(/^all right: 3 entries of 2024-11/);
  });

  it('is written of an empty month once a block from after it is there', async () => {
    const january = join(ledger.directory, 'january');
    await expect(close('2025-01', january)).rejects.toMatchObject({
      code: 1,
      stderr:
        '2025-01 cannot be closed: the last block was sealed at 2024-11-30T16:01:00.000Z, and only a block of 2025-01-31T16:01:00.000Z or later shows that nothing is missing: a sealer that runs seals one every ten minutes at least.\n',
    });
    const february = '2025-02-01T00:00:30+08:00';
    await commitAt(ledger.pool, 2, Date.parse(february), [grantOf(1n)]);
    await seal(february);
    await expect(close('2025-01', january)).rejects.toMatchObject({ code: 1 });
    const later = '2025-02-01T00:01:00+08:00';
    await commitAt(ledger.pool, 2, Date.parse(later), [grantOf(2n)]);
    await seal(later);
    await close('2025-01', january);
    const { stdout } = await check(january);
    expect(stdout).toMatch(
      /^all right: 0 entries of 2025-01, at positions 12 to 17 /,
    );
    const forged = await copyOf(january);
    await edit(join(forged, 'manifest.json'), (text) =>
      text
        .replace('"2025-01"', '"2024-11"')
        .replace('2024-12-31', '2024-10-31')
        .replace('2025-01-31', '2024-11-30'),
    );
    expect(await checkFailing(forged)).toMatch(
      /^wrong: the first block, 5, was sealed at 2024-11-30T16:01:00.000Z, and not a minute or more before 2024-11 began/,
    );
  });

  it('is written of a month behind which nothing was recorded', async () => {
    await seal('2025-03-01T00:01:00+08:00');
    const february = join(ledger.directory, 'february');
    await close('2025-02', february);
    const { stdout } = await check(february);
    expect(stdout).toMatch(
      /^all right: 2 entries of 2025-02, at positions 12 to 18 /,
    );
  });

  it('is found not to continue a checkpoint that was signed for another history', async () => {
    const other = await readFile(kept, 'utf8');
    const forged = join(ledger.directory, 'other.txt');
    await writeFile(forged, other.replace('\n10\n', '\n9\n'));
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

/** Keeps the first lines, under the checkpoint that they end with, as whoever hides the last ones would. */
async function cutOff(
  directory: string,
  lines: number,
  checkpoint: string,
): Promise<void> {
  await edit(join(directory, 'leaves.ndjson'), (text) =>
    text
      .split(/(?<=\n)/)
      .slice(0, lines)
      .join(''),
  );
  await cp(checkpoint, join(directory, 'checkpoint.txt'));
  await nameAgain(directory, 'leaves.ndjson');
  await nameAgain(directory, 'checkpoint.txt');
}

/** Takes the last grant of the month out of the trial balance. */
async function forgetLastGrant(directory: string): Promise<void> {
  await edit(join(directory, 'trial-balance.json'), (text) =>
    text
      .replace('"movement":"600","closing":"623"', movedTo('300', '323'))
      .replace(
        '"movement":"-600","closing":"999377"',
        movedTo('-300', '999677'),
      ),
  );
  await nameAgain(directory, 'trial-balance.json');
}

function movedTo(movement: string, closing: string): string {
  return `"movement":"${movement}","closing":"${closing}"`;
}

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
