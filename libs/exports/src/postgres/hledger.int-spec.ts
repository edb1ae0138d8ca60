import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parse } from 'csv-parse/sync';
import { findHledger, type Hledger } from '../../../../test/support/hledger.js';
import { createLedger, type TestLedger } from '../../../ledger/test/journal.js';
import { fillLedger, LARGE, ODD_MERCHANTS } from '../../test/ledger.js';
import { beginExport } from './export-file.js';
import { accountOfJournal } from '../hledger.js';
import { WHOLE, type Selection } from '../selection.js';

const SHANGHAI = { offsetMs: () => 8 * 3_600_000 };
const NOVEMBER = {
  from: '2024-10-31T16:00:00.000Z',
  to: '2024-11-30T16:00:00.000Z',
};

describe('a journal for hledger', () => {
  let hledger: Hledger;
  let ledger: TestLedger;
  let folder: string;

  beforeAll(async () => {
    hledger = await findHledger();
    ledger = await createLedger(inject('postgresUrl'));
    await fillLedger(ledger.pool);
    folder = await mkdtemp(join(tmpdir(), 'hledger-'));
  });
  afterAll(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  it('passes every check of accounts, commodities and balance', async () => {
    const file = await exportJournal('checked.journal', {});
    await hledger.run('check', '--strict', '--file', file);
  });

  it('has a transaction for each entry, under its id', async () => {
    const file = await exportJournal('entries.journal', {});
    const printed = await hledger.run('print', '--file', file, '-O', 'csv');
    const rows: { code: string }[] = parse(printed, { columns: true });
    const { rows: entries } = await ledger.pool.query<{ entry_id: string }>(
      `SELECT DISTINCT entry_id FROM audit.posting ORDER BY entry_id`,
    );
    expect([...new Set(rows.map(({ code }) => code))].sort()).toEqual(
      entries.map((row) => row.entry_id).sort(),
    );
  });

  it('has the balances of the ledger, of merchants with any name', async () => {
    const file = await exportJournal('balances.journal', {});
    const balances = await balancesOf(file);
    // Kept by the ledger beside the postings.
    const { rows } = await ledger.pool.query<{
      account: string;
      unit: string;
      balance: bigint;
    }>(
      `SELECT concat('merchant:', merchant_id, ':', account) AS account, unit, sum(balance) AS balance
         FROM audit.merchant_balance
         WHERE account IN ('available', 'reserved', 'owed', 'payable')
         GROUP BY merchant_id, account, unit HAVING sum(balance) <> 0
       UNION ALL
       SELECT account, unit, balance FROM audit.trial_balance
         WHERE account NOT IN ('available', 'reserved', 'owed', 'payable') AND balance <> 0`,
    );
    const expected = new Map(
      rows.map(({ account, unit, balance }) => [`${account} ${unit}`, balance]),
    );
    expect(balances).toEqual(expected);
    for (const merchant of ODD_MERCHANTS)
      expect(balances.get(`merchant:${merchant}:available LIVE_IMP`)).toBe(
        LARGE,
      );
  });

  it('is one of the period alone, or one that begins with what there was', async () => {
    const alone = await exportJournal('alone.journal', NOVEMBER);
    const opened = await exportJournal('opened.journal', NOVEMBER, true);
    for (const file of [alone, opened])
      await hledger.run('check', '--strict', '--file', file);

    const until = { to: NOVEMBER.to };
    const fromTheBeginning = await exportJournal('until.journal', until);
    expect(await balancesOf(opened)).toEqual(
      await balancesOf(fromTheBeginning),
    );
    // The day ahead of the period has the opening balances, and no day of the period has.
    expect(await balancesOf(opened, '--begin', '2024-11-01')).toEqual(
      await balancesOf(alone),
    );
    expect(
      (await balancesOf(opened)).get('merchant:early:available LIVE_IMP'),
    ).toBe(LARGE);
    expect(
      (await balancesOf(alone)).get('merchant:early:available LIVE_IMP'),
    ).toBeUndefined();
  });

  it('finds entries by what they are tagged with', async () => {
    const file = await exportJournal('tags.journal', {});
    const register = await hledger.run(
      'register',
      '--file',
      file,
      '-O',
      'csv',
      'tag:lot=^grants-1-3$',
    );
    const rows: { description: string }[] = parse(register, { columns: true });
    expect(rows.map(({ description }) => description)).toEqual(
      ['grant', 'reserve', 'deliver', 'release'].flatMap((kind) => [
        kind,
        kind,
      ]),
    );
  });

  async function exportJournal(
    name: string,
    selection: Partial<Selection>,
    withOpening = false,
  ): Promise<string> {
    const path = join(folder, name);
    const request = {
      format: 'hledger' as const,
      selection: { ...WHOLE, ...selection },
      timeZone: 'Asia/Shanghai',
      withOpening,
      escapeFormulas: false,
    };
    await beginExport(ledger.pool, path, request, { zoneOf: () => SHANGHAI });
    return path;
  }

  /** By account and unit, as the ledger names them. */
  async function balancesOf(
    file: string,
    ...options: string[]
  ): Promise<Map<string, bigint>> {
    const printed = await hledger.run(
      'balance',
      '--file',
      file,
      '--flat',
      '--no-total',
      '-O',
      'csv',
      ...options,
    );
    const rows: { account: string; balance: string }[] = parse(printed, {
      columns: true,
    });
    return new Map(
      rows.flatMap(({ account, balance }) =>
        balance.split(', ').map((amount): [string, bigint] => {
          const [number, unit] = amount.split(' ');
          return [`${accountOfJournal(account)} ${unit}`, BigInt(number!)];
        }),
      ),
    );
  }
});
