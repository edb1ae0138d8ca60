import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { parseProgram, programHash } from '@app/programs';
import { CHECKPOINT_PATH, generateKey, LogDirectory } from '@app/transparency';
import { rewardMerchants } from '../../libs/ledger/test/rewarded-merchants.js';
import { tamper } from '../../libs/ledger/test/tamper.js';
import { SealedLedger, VERIFIER_KEY } from '../../libs/sealing/test/sealing.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);

const TEXT = `
program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { CNY: 1000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: CNY, amount: 50 }] }
`;

describe('npm run ledger -- verify, with a checkpoint that was kept', () => {
  let ledger: SealedLedger;
  let kept: string;

  beforeAll(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    const sealer = await ledger.open();
    await rewardMerchants(ledger.pool, 0, 5);
    await sealer.seal();
    kept = join(ledger.directory, 'kept.txt');
    const note = await new LogDirectory(ledger.logDirectory).read(
      CHECKPOINT_PATH,
    );
    await writeFile(kept, note!);
    await rewardMerchants(ledger.pool, 1, 5);
    await sealer.seal();
    await writeFile(join(ledger.logDirectory, 'key.pub'), `${VERIFIER_KEY}\n`);
  });
  afterAll(() => ledger.close());

  it.each(['0', '2'])(
    'says what it compared with, in %s threads',
    async (n) => {
      const { stdout } = await verify('--checkpoint', kept, '--threads', n);
      expect(stdout).toMatch(
        /^compared with the checkpoint in kept\.txt of 27 positions\ncompared with the log's checkpoint of 54 positions\ncompared with the database's checkpoint of 54 positions\nall right: 52 entries /,
      );
    },
  );

  it('tells of a checkpoint that another key signed', async () => {
    const other = generateKey('example.com/ledger').verifierKey;
    await expect(
      verify('--checkpoint', kept, '--public-key', other),
    ).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        'the checkpoint in kept.txt is not one of this log: ',
      ) as string,
    });
  });

  it.each([
    [['--checkpoint', 'nowhere.txt'], 'nowhere.txt cannot be read: '],
    [['--public-key', 'a+b+c'], '--public-key is no public key of a log: '],
  ])('says in one sentence what is wrong with %j', async (args, said) => {
    await expect(verify(...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(`^${said.replaceAll('.', '\\.')}[^\\n]*\\.\\n$`),
      ) as string,
    });
  });

  it.each(['0', '2'])(
    'ends with 1 where a root of balances was overwritten, and names block and shard, in %s threads',
    async (n) => {
      const { rows } = await ledger.pool.query<{ root: Buffer }>(
        'SELECT root FROM sealed_balances WHERE block = 1 AND shard = 1',
      );
      const setRoot = (root: string) =>
        tamper(
          ledger.pool,
          `UPDATE sealed_balances SET root = ${root} WHERE block = 1 AND shard = 1`,
        );
      await setRoot("sha256('x')");
      await expect(verify('--threads', n)).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining(
          'block 1 sealed other balances of shard 1 than the postings up to it make\n',
        ) as string,
      });
      await setRoot(`'\\x${rows[0]!.root.toString('hex')}'`);
    },
  );

  it('ends with 1 where a program is not what was published, or what its budget was issued for', async () => {
    const hash = '0'.repeat(64);
    await ledger.pool.query(
      `INSERT INTO program_version (program, version, program_hash, text)
       VALUES ('ladder', 1, '${hash}', 'program: ladder')`,
    );
    await expect(verify()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        `version 1 of ladder is kept with another text than that of its hash, ${hash}\n` +
          `version 1 of ladder is kept with the hash ${hash}, but its budget was issued for 00\n`,
      ) as string,
    });
    const { definition } = parseProgram(TEXT, 'daily.yaml');
    await tamper(
      ledger.pool,
      `DELETE FROM program_version;
       INSERT INTO program_version VALUES ('daily', 1, '${programHash({ definition })}', '${TEXT}')`,
    );
    expect((await verify()).stdout).toContain('all right: ');
  });

  it('names the entry that is not what was sealed, in threads as without', async () => {
    await tamper(
      ledger.pool,
      `UPDATE posting SET lot_id = 'another' WHERE shard = 0 AND journal = 'promotions' AND sequence = 3`,
    );
    const found = async (threads: string) => {
      const args = ['--checkpoint', kept, '--threads', threads, '--json'];
      const failed = await verify(...args).catch((error: unknown) => error);
      const { stdout } = failed as { stdout: string };
      return (JSON.parse(stdout) as { findings: { problem: string }[] })
        .findings;
    };
    const findings = await found('0');
    expect(findings.at(-1)?.problem).toBe(
      'promotions-0-3, at position 8, is not what the log has',
    );
    expect(await found('2')).toEqual(findings);
  });

  function verify(...args: string[]) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'ledger', 'verify', ...args],
      {
        env: {
          ...process.env,
          DATABASE_URL: ledger.url,
          SEAL_DIR: ledger.logDirectory,
        },
      },
    );
  }
});
