import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { createLedger, type TestLedger } from '../libs/ledger/test/journal.js';
import { rewardMerchants } from '../libs/ledger/test/rewarded-merchants.js';
import { tamper } from '../libs/ledger/test/tamper.js';
import { ROOT } from './support/paths.js';

const execute = promisify(execFile);
/** All subcommands, whichever there are. */
const SAY_WHAT = expect.stringMatching(
  /^Say what to do with the ledger: ("[\w-]+", )*"verify"(, "[\w-]+")*; --help says more\.\n$/,
) as string;

describe('npm run ledger -- verify', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, 0, 5);
    await rewardMerchants(ledger.pool, 1, 5);
  });
  afterAll(() => ledger.close());

  it('ends with 0 where all is right', async () => {
    const { stdout, stderr } = await run(['verify']);
    expect(stdout).toMatch(
      /^nothing is sealed yet\nall right: 52 entries verified in \d+\.\d s, [\d,]+ a second\n$/,
    );
    expect(stderr).toContain('verified: 52 of 52');
  });

  it('rebuilds what follows from the journals, and says what was not the same', async () => {
    await tamper(ledger.pool, 'UPDATE lot SET granted = granted + 1');
    await expect(run(['rebuild'])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /\nrebuilt: 1 of 7 not identical, and put right\n$/,
      ) as string,
    });
    const { stdout } = await run(['rebuild']);
    expect(stdout).toMatch(/^merchant_balance +\d+ rows, identical\n/);
    expect(stdout).toMatch(/\nrebuilt: identical\n$/);
  });

  it('ends with 1 where something is wrong, and names the entry first', async () => {
    await tamper(
      ledger.pool,
      `UPDATE posting SET amount = amount * 2 WHERE shard = 1 AND journal = 'grants' AND sequence = 3`,
    );
    await expect(run(['verify'])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^grants-1-3 was changed: [^\n]*\n(.*\n)+wrong: 9 found in 52 entries, .*\n$/,
      ) as string,
    });
  });

  it('verifies one shard alone', async () => {
    const { stdout } = await run(['verify', '--shard', '0']);
    expect(stdout).toMatch(/^all right: 26 entries of shard 0 verified/);
  });

  it('prints JSON for other programs', async () => {
    const { stdout } = (await run(['verify', '--shard=1', '--json']).catch(
      (failed: unknown) => failed,
    )) as { stdout: string };
    expect(JSON.parse(stdout)).toEqual({
      entries: 26,
      seconds: expect.any(Number) as number,
      entriesPerSecond: expect.any(Number) as number,
      sealedPositions: null,
      comparedWith: [],
      findingCount: 9,
      findings: expect.arrayContaining([
        {
          shard: 1,
          entryId: 'grants-1-3',
          problem: expect.stringContaining('grants-1-3 was changed') as string,
        },
      ]) as unknown,
    });
  });

  it('rebuilds nothing on a wrong entry, and says what would follow from it', async () => {
    const compared = await run(['rebuild', '--dry-run', '--json']).catch(
      (failed: unknown) => failed as { stdout: string },
    );
    expect(JSON.parse(compared.stdout)).toContainEqual(
      expect.objectContaining({ name: 'lot', rows: 10, unfounded: 1 }),
    );
    await expect(run(['rebuild'])).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /Nothing is rebuilt, since grants-1-3 was changed: [^\n]*What follows from a wrong entry would be wrong as well/,
      ) as string,
    });
    const again = await run(['rebuild', '--dry-run', '--json']).catch(
      (failed: unknown) => failed as { stdout: string },
    );
    expect(again.stdout).toBe(compared.stdout);
  });

  it.each<[string[], number, string]>([
    [[], 2, SAY_WHAT],
    [['mend'], 2, SAY_WHAT],
    [
      ['verify', '--shard', 'all'],
      2,
      '--shard is "all": expected the number of a shard, from 0 on.\n',
    ],
    [
      ['verify', '--shard', '64'],
      2,
      '--shard is "64": this ledger has shards from 0 to 63.\n',
    ],
    [
      ['verify', '--threads', 'many'],
      2,
      '--threads is "many": expected a number from 0 to 64.\n',
    ],
  ])('says in one sentence what is wrong with %j', async (args, code, said) => {
    await expect(run(args)).rejects.toMatchObject({ code, stderr: said });
  });

  it.each([
    [['--help'], 'Usage: npm run ledger -- <what> [options]\n'],
    [['verify', '--help'], 'Usage: npm run ledger -- verify [options]\n'],
  ])('helps with %j', async (args, said) => {
    expect((await run(args)).stdout).toContain(said);
  });

  it('says in one sentence that there is no database', async () => {
    await expect(
      run(['verify'], 'postgres://postgres@127.0.0.1:1/ledger'),
    ).rejects.toMatchObject({
      code: 1,
      stderr:
        'The ledger cannot be read (connect ECONNREFUSED 127.0.0.1:1): run npm start first, or set DATABASE_URL.\n',
    });
  });

  function run(args: string[], url = ledger.url) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'ledger', ...args],
      { env: { ...process.env, DATABASE_URL: url } },
    );
  }
});
