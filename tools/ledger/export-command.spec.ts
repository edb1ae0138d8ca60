import { exportCommand } from './export-command.js';

describe('ledger export', () => {
  let said = '';

  beforeEach(() => {
    said = '';
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        said += text as string;
        return true;
      });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  it.each([
    [['--format=csv'], 'Say where to with --out.'],
    [['--out=f'], '--format is missing: expected csv, ndjson, parquet or h'],
    [['--out=f', '--format=xlsx'], '--format is "xlsx": expected csv, ndj'],
    [['--out=f', '--format=csv', '--by=luck'], '--by is "luck": expected rec'],
    [['--out=f', '--format=csv', '--period=soon'], '--period is "soon": exp'],
    [['--out=f', '--format=csv', '--time-zone=X/Y'], '--time-zone is "X/Y"'],
    [['--out=f', '--format=csv', '--with-opening'], '--with-opening is for'],
    [['--out=f', '--format=hledger', '--with-opening'], '--with-opening needs'],
    [['--out=f', '--format=ndjson', '--escape-formulas'], '--escape-formulas'],
    [['--out=f', '--resume', '--merchant=m1'], '--format is missing'],
    [['f'], "Unexpected argument 'f'"],
  ])('says in one sentence what is wrong with %j', async (args, sentence) => {
    await exportCommand.run(args);
    expect(process.exitCode).toBe(2);
    expect(said).toContain(sentence);
    expect(said).toMatch(/^[^\n]*\.\n$/);
  });

  it('helps', async () => {
    await exportCommand.run(['--help']);
    expect(said).toMatch(/^Usage: npm run ledger -- export --format /);
    expect(process.exitCode ?? 0).toBe(0);
  });
});
