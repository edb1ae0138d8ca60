import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { rewardMerchants } from '../../../libs/ledger/test/rewarded-merchants.js';
import { ROOT } from '../../support/paths.js';

const execute = promisify(execFile);
const SHARD = shardOf('m1', 64);
const LOT = `grants-${SHARD}-2`;
/** All of it was recorded then. */
const THEN = '2024-11-11T00:00:00.000Z';

describe('asking with npm run ledger', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, SHARD, 1);
  });
  afterAll(() => ledger.close());

  it('prints balances at an instant', async () => {
    expect(
      (await run('balances', '--merchant', 'm1', '--at', THEN)).stdout,
    ).toBe('available  ANY_IMP  600\nreserved   ANY_IMP    0\n');
  });

  it('reads a time without an offset in Shanghai, and says so', async () => {
    const { stdout, stderr } = await run(
      'balances',
      '--merchant',
      'm1',
      '--at',
      '2024-11-11T07:59:59',
    );
    expect(stdout).toBe('m1 had nothing yet, at 2024-11-10T23:59:59.000Z\n');
    expect(stderr).toBe(
      '--at has no offset: read in Asia/Shanghai, as 2024-11-10T23:59:59.000Z.\n',
    );
  });

  it('prints a trial balance that sums to zero', async () => {
    expect((await run('trial-balance')).stdout).toBe(
      [
        'available    ANY_IMP     600',
        'issuance     ANY_IMP  -1,000',
        'pool:ladder  ANY_IMP       0',
        'reserved     ANY_IMP       0',
        'spent:live   ANY_IMP     400',
        'sum          ANY_IMP       0',
        '',
      ].join('\n'),
    );
  });

  it('prints lots', async () => {
    const { stdout } = await run('lots', '--merchant', 'm1');
    expect(stdout.split('\n')[1]!.split(/ {2,}/)).toEqual([
      LOT,
      'ANY_IMP',
      '1,000',
      '600',
      '0',
      '400',
      '0',
      '0',
      '2024-12-01T00:00:00.000Z',
      'ladder',
    ]);
    const { lots } = await runJson('lots', '--merchant', 'm1');
    expect(lots).toEqual([
      {
        lotId: LOT,
        sequence: 2,
        unit: 'ANY_IMP',
        program: 'ladder',
        expiresAt: '2024-12-01T00:00:00.000Z',
        granted: 1_000,
        available: 600,
        reserved: 0,
        spent: 400,
        expired: 0,
        clawedBack: 0,
      },
    ]);
  });

  it('prints a statement of a period, each line with what the account had then', async () => {
    const { stdout } = await run(
      'statement',
      '--merchant',
      'm1',
      '--from',
      THEN,
    );
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`opening, before ${THEN}: nothing yet`);
    expect(
      lines
        .filter((line) => /^2\d{3}-/.test(line))
        .map((line) => line.split(/ {2,}/).slice(2, 7).join(' ')),
    ).toEqual([
      'grant available ANY_IMP 1,000 1,000',
      'reserve available ANY_IMP -600 400',
      'reserve reserved ANY_IMP 600 600',
      'deliver reserved ANY_IMP -400 200',
      'release reserved ANY_IMP -200 0',
      'release available ANY_IMP 200 600',
    ]);
    expect(lines.slice(2, 6)).toEqual([
      expect.stringMatching(
        /^ {2}.*: ladder, version 1, granted m1 1,000 impressions for either placement\. With /,
      ),
      expect.stringContaining('  reserve  '),
      expect.stringContaining('  reserve  '),
      expect.stringMatching(
        /^ {2}.*: the promoter reserved 600 impressions for either placement of m1 /,
      ),
    ]);
    expect(stdout).toMatch(
      /closing, now\n {2}available +ANY_IMP +600\n {2}reserved +ANY_IMP +0\n$/,
    );
  });

  it('leaves out of a period what was recorded at its end', async () => {
    const { lines, opening, closing } = await runJson(
      'statement',
      '--merchant',
      'm1',
      '--to',
      THEN,
    );
    expect([lines, opening, closing]).toEqual([[], [], []]);
  });

  it('tells the life of a lot, the effects of an event, the entries of a rule', async () => {
    const life = await runJson('lot', LOT);
    expect(life.lot).toMatchObject({ lotId: LOT, granted: 1_000 });
    expect(kindsOf(life)).toEqual(['grant', 'reserve', 'deliver', 'release']);
    const caused = await runJson(
      'event',
      '--source',
      'orders',
      '--id',
      'paid-1',
    );
    expect(kindsOf(caused)).toEqual(['grant']);
    const rule = await runJson('rule', '--program', 'ladder', '--version', '1');
    expect(kindsOf(rule)).toEqual(['budget', 'grant']);
    const { stdout } = await run('lot', LOT);
    expect(stdout).toContain(
      `${LOT}: 1,000 ANY_IMP of m1 from ladder until 2024-12-01T00:00:00.000Z\n`,
    );
    expect(stdout).toContain('"type":"promotion_delivered"');
  });

  it('explains each entry, in Chinese where that is asked for', async () => {
    const { stdout } = await run('lot', LOT, '--language', 'zh');
    expect(stdout).toContain(
      '激励计划ladder（第1版）向m1发放1,000次通用曝光。',
    );
    expect(stdout).toContain('未消耗的200次通用曝光解冻。');
    const { entries } = await runJson('lot', LOT);
    expect((entries as object[])[1]).toMatchObject({
      amounts: { ANY_IMP: 600 },
      explanation: {
        zh: expect.stringContaining('冻结m1的600次通用曝光') as string,
        en: expect.stringContaining('reserved 600 impressions') as string,
      },
      cause: { type: 'promotion_ordered' },
    });
    const { lines } = await runJson('statement', '--merchant', 'm1');
    expect((lines as object[])[0]).toMatchObject({
      explanation: {
        zh: expect.stringContaining('向m1发放') as string,
        en: expect.stringContaining('granted m1') as string,
      },
    });
  });

  it('reconciles with activity and with delivery reports, and says what is wrong by its status', async () => {
    // What these entries name was never accepted, and their orders have names of their own.
    await expect(run('reconcile', 'activity')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        `not_accepted: grants-${SHARD}-2 names orders paid-1, at merchant.activity.v1 3/17; never accepted\n`,
      ) as string,
    });
    await expect(run('reconcile', 'deliveries')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        new RegExp(
          [
            `^no_order: promotions-${SHARD}-3`,
            `no_order: promotions-${SHARD}-4`,
            ' +live',
            'promotionOrders +1',
            'ordered +600',
            'reports +1',
            'reported +400',
            'spent +400',
            'beyondOrders +0',
            'released +200',
            'openReserve +0',
            'withoutReport +0',
            'clicks +12',
            'orders +1',
            'gmvMinor +9,900',
            '2 differences, 2 of them mistakes of the ledger',
            '$',
          ].join('\n'),
        ),
      ) as string,
    });
    const other = String((SHARD + 1) % 64);
    const { stdout } = await run('reconcile', 'activity', '--shard', other);
    expect(stdout).toBe('0 offsets consumed, 0 differences\n');
    const { counts } = await runJson('reconcile', 'activity', '--shard', other);
    expect(counts).toEqual([]);
  });

  it.each<[string[], number, string | RegExp]>([
    [['reconcile'], 2, 'Say against what: activity or deliveries.\n'],
    [
      ['reconcile', 'activity', '--shard', '64'],
      2,
      '--shard is "64": expected a number from 0 to 63.\n',
    ],
    [['balances'], 2, '--merchant is missing.\n'],
    [
      ['balances', '--merchant', 'm1', '--at', '2999-01-01T00:00:00Z'],
      1,
      /^2999-01-01T00:00:00.000Z is in the future: it is .*\.\n$/,
    ],
    [
      ['balances', '--merchant', 'm1', '--position', '5'],
      1,
      'Nothing is sealed yet.\n',
    ],
    [
      ['trial-balance', '--at', 'noon'],
      2,
      /^--at is "noon": expected a time such as /,
    ],
    [['lot'], 2, 'Say which lot, such as grants-10-5.\n'],
    [
      ['lot', LOT, '--language', 'fr'],
      2,
      '--language is "fr": expected zh or en.\n',
    ],
    [['lot', 'grants-0-99'], 1, 'There is no lot "grants-0-99".\n'],
  ])('says in one sentence what is wrong with %j', async (args, code, said) => {
    await expect(run(...args)).rejects.toMatchObject({
      code,
      stderr:
        typeof said === 'string'
          ? said
          : (expect.stringMatching(said) as string),
    });
  });

  it('helps', async () => {
    expect((await run('statement', '--help')).stdout).toContain(
      'Usage: npm run ledger -- statement --merchant <id> ',
    );
  });

  function run(...args: string[]) {
    return execute(
      process.execPath,
      [join(ROOT, 'tools', 'run.mjs'), 'ledger', ...args],
      {
        env: { ...process.env, DATABASE_URL: ledger.url, LC_ALL: 'C.UTF-8' },
      },
    );
  }

  async function runJson(...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await run(...args, '--json');
    return JSON.parse(stdout) as Record<string, unknown>;
  }
});

function kindsOf({ entries }: Record<string, unknown>): string[] {
  return (entries as { kind: string }[]).map(({ kind }) => kind);
}
