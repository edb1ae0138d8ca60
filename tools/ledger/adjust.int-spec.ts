import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import {
  createLedger,
  type TestLedger,
} from '../../libs/ledger/test/journal.js';
import { Services } from '../../libs/adjustments/test/finance.js';
import { ROOT } from '../support/paths.js';

const execute = promisify(execFile);
const SHARDS = 64;
const MERCHANT = 'm1';
const SHARD = shardOf(MERCHANT, SHARDS);
const GIVE = [
  ...['propose', 'give', '--merchant', MERCHANT, '--program', 'daily'],
  ...['--unit', 'ANY_IMP', '--amount', '5000', '--by', 'alice'],
  ...['--reason', 'outage on the 11th', '--expires', '2036-01-01T00:00:00Z'],
];

describe('npm run ledger -- adjust', () => {
  let ledger: TestLedger;
  let services: Services;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    services = new Services(ledger.pool, SHARD, SHARDS);
    await services.earn(MERCHANT, 0);
    await services.follow();
    await services.goLive(MERCHANT);
    await services.deliver(MERCHANT, 800);
  });
  afterAll(() => ledger.close());

  it('proposes, lists, approves and shows', async () => {
    const id = await proposed(GIVE);
    expect((await run('list')).stdout).toBe(
      `proposed ${id}: give 5,000 ANY_IMP of daily to m1, until 2036-01-01T00:00:00.000Z\n`,
    );
    await expect(run('approve', id, '--by', 'alice')).rejects.toMatchObject({
      code: 1,
      stderr:
        'Refused: alice cannot approve what alice proposed: it takes another identity.\n',
    });
    const { stdout } = await run('approve', id, '--by', 'bob');
    expect(stdout).toMatch(
      /^approved adj-\d+-[0-9a-f]{12}: give 5,000 ANY_IMP of daily to m1, until 2036-01-01T00:00:00.000Z\n {2}reason {4}outage on the 11th\n {2}proposed {2}by alice at .*\n {2}approved {2}by bob at .*\n {2}entry {5}grants-\d+-5\n {10}-5,000 ANY_IMP {3}pool:daily {2}\(lot grants-\d+-5\)\n {10}\+5,000 ANY_IMP {3}merchant:m1:available {2}\(lot grants-\d+-5\)\n$/,
    );
    expect((await run('list')).stdout).toBe(
      'no proposal waits to be decided on\n',
    );
    expect((await run('list', '--all')).stdout).toContain(`approved ${id}`);
    expect(JSON.parse((await run('show', id, '--json')).stdout)).toMatchObject({
      proposalId: id,
      state: 'approved',
      proposedBy: 'alice',
      parts: [
        {
          shard: SHARD,
          adjustment: { type: 'give', amount: '5000' },
          decided: { decidedBy: 'bob', entryId: `grants-${SHARD}-5` },
        },
      ],
    });
  });

  it('takes back, and what was used is owed', async () => {
    const id = await proposed([
      ...['propose', 'take-back', '--lot', `grants-${SHARD}-3`],
      ...['--amount', '1000', '--by', 'alice', '--reason', 'fraud'],
    ]);
    const { stdout } = await run('approve', id, '--by', 'bob');
    expect(stdout).toContain(`  entry     promotions-${SHARD}-`);
    expect(stdout).toContain('-1,000 ANY_IMP   merchant:m1:owed');
  });

  it('spreads a budget, and rejects', async () => {
    const budget = ['propose', 'budget', '--program', 'daily', '--unit', 'CNY'];
    const why = ['--by', 'alice', '--reason', 'more'];
    const id = await proposed([...budget, '--add', '6400', ...why]);
    const { stdout } = await run('approve', id, '--by', 'bob');
    expect(stdout).toContain(
      'add 6,400 CNY to the budget of daily, over 64 shards',
    );
    expect(stdout).toContain('  and 59 entries more\n');
    const other = await proposed([...budget, '--cut', '5', ...why]);
    const rejected = await run(
      ...['reject', other, '--by', 'carol', '--reason', 'no need'],
    );
    expect(rejected.stdout).toMatch(/rejected {2}by carol .*because: no need/);
  });

  it('leaves a ledger that verifies', async () => {
    const { stdout } = await ledgerTool('verify');
    expect(stdout).toMatch(/^all right: /);
  });

  it.each([
    [['propose', 'gift'], 'Say what to propose: give, take-back, budget'],
    [[], 'Say what to do: propose, approve, reject, list or show'],
    [['approve'], 'Say which proposal, by its id'],
    [['approve', 'adj-1-a'], '--by is missing'],
    [['show', 'adj-1-a', '--by', 'bob'], '--by is of no use here'],
    [['list', 'adj-1-a'], '"adj-1-a" is too much'],
    [[...GIVE, '--shard', '5'], '--shard is of no use here'],
    [
      [...GIVE, '--amount', '1.5'],
      '--amount is "1.5": expected a whole number',
    ],
    [[...GIVE, '--unit', 'IMP'], '--unit is "IMP": expected one of LIVE_IMP'],
    [[...GIVE, '--expires', '2036-01-01'], '--expires is "2036-01-01"'],
    [
      [...GIVE, '--expires-in-days', '3'],
      'Give --expires or --expires-in-days',
    ],
  ])('says in one sentence what is wrong with %j', async (args, said) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(said) as string,
    });
  });

  it.each([
    [[...GIVE, '--program', 'dayly'], 'pool:dayly has 0 ANY_IMP'],
    [['show', 'adj-1-a'], 'there is no proposal adj-1-a'],
    [[...GIVE, '--by', 'Alice'], '"Alice" is no identity'],
  ])('refuses %j', async (args, said) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Refused: ${said}`) as string,
    });
  });

  async function proposed(args: string[]): Promise<string> {
    const { stdout } = await run(...args);
    expect(stdout).toContain('Nothing has moved: another identity');
    return /adj-\w+-[0-9a-f]{12}/.exec(stdout)![0];
  }

  function run(...args: string[]) {
    return ledgerTool('adjust', ...args);
  }

  function ledgerTool(...args: string[]) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'ledger', ...args],
      { env: { ...process.env, DATABASE_URL: ledger.url } },
    );
  }
});
