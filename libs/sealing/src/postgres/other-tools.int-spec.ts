import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LogDirectory } from '@app/transparency';
import { inject } from 'vitest';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { SealedLedger, VERIFIER_KEY } from '../../test/sealing.js';

const run = promisify(execFile);
const CHECKER = join(import.meta.dirname, '../../../transparency/test/vectors');
const WITHIN_MS = 180_000;

/** Go's own packages read the log, see the README beside it. */
async function checkWithGo(log: string, key: string): Promise<string> {
  const args = ['run', '.', 'check', log, key];
  const { stdout } = await run('go', args, { cwd: CHECKER }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new Error(
        'This test checks the log with Go: install Go 1.24 or later (https://go.dev/dl) and have `go` on the PATH.',
      );
    },
  );
  return stdout;
}

describe('the log of a ledger', () => {
  let ledger: SealedLedger;

  beforeAll(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    const sealer = await ledger.open();
    await rewardMerchants(ledger.pool, 1, 2);
    await sealer.seal();
    await rewardMerchants(ledger.pool, 3, 300);
    await rewardMerchants(ledger.pool, 2, 5);
    await sealer.seal();
  }, WITHIN_MS);
  afterAll(() => ledger.close());

  it(
    'is right to tools that others wrote',
    async () => {
      const size = 11 + 1 + 1_501 + 26 + 1;
      expect(await checkWithGo(ledger.logDirectory, VERIFIER_KEY)).toContain(
        `signed by example.com/ledger: ${size} entries, all as hashed;`,
      );
    },
    WITHIN_MS,
  );

  it(
    'is wrong to them with one byte of an entry changed',
    async () => {
      const path = 'tile/entries/000';
      const bundle = await new LogDirectory(ledger.logDirectory).read(path);
      bundle![1_000]! ^= 1;
      await writeFile(join(ledger.logDirectory, path), bundle!);
      await expect(
        checkWithGo(ledger.logDirectory, VERIFIER_KEY),
      ).rejects.toThrow('is not what was hashed');
    },
    WITHIN_MS,
  );
});
