import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { homesAmong } from '@app/programs';
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
const HOME = homesAmong(SHARDS)('daily', 'CNY');
const GIVE = [
  ...words('propose give --merchant m1 --program daily --unit ANY_IMP'),
  ...words('--amount 5000 --expires 2036-01-01T00:00:00Z --by alice'),
  '--reason',
  'outage on the 11th',
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
    expect(stdout.replaceAll(/\d{4}-\S+Z$/gm, 'TIME').split('\n')).toEqual([
      `approved ${id}: give 5,000 ANY_IMP of daily to m1, until TIME`,
      '  reason    outage on the 11th',
      '  proposed  by alice at TIME',
      '  approved  by bob at TIME',
      `  entry     grants-${SHARD}-5`,
      `              -5,000 ANY_IMP   pool:daily  (lot grants-${SHARD}-5)`,
      `              +5,000 ANY_IMP   merchant:m1:available  (lot grants-${SHARD}-5)`,
      '',
    ]);
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
    const id = await proposed(
      words(
        `propose take-back --lot grants-${SHARD}-3 --amount 1000 --by alice --reason fraud`,
      ),
    );
    const { stdout } = await run('approve', id, '--by', 'bob');
    expect(stdout).toContain(`  entry     promotions-${SHARD}-`);
    expect(stdout).toContain('-1,000 ANY_IMP   merchant:m1:owed');
  });

  it('adds to a budget at its home, and rejects', async () => {
    const budget = ['propose', 'budget', '--program', 'daily', '--unit', 'CNY'];
    const why = ['--by', 'alice', '--reason', 'more'];
    const id = await proposed([...budget, '--add', '6400', ...why]);
    const { stdout } = await run('approve', id, '--by', 'bob');
    expect(stdout).toContain(
      `add 6,400 CNY to the budget of daily, in shard ${HOME}`,
    );
    expect(stdout).toContain(`  entry     grants-${HOME}-`);
    const other = await proposed([...budget, '--cut', '5', ...why]);
    const rejected = await run(
      'reject',
      other,
      ...words('--by carol --reason unneeded'),
    );
    expect(rejected.stdout).toMatch(/rejected {2}by carol .*because: unneeded/);
  });

  it('leaves a ledger that verifies, and whose tables follow from its journals', async () => {
    const { stdout } = await ledgerTool('verify');
    expect(stdout).toMatch(/^all right: /m);
    // Ends with 1 where something would be made anew in another way.
    await ledgerTool('rebuild', '--dry-run');
  });

  it('ends with 2 where the arguments are wrong', async () => {
    await expect(run('propose', 'gift')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Say what to propose: give') as string,
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

function words(text: string): string[] {
  return text.split(' ');
}
