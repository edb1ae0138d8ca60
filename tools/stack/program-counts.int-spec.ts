import { inject } from 'vitest';
import {
  createLedger,
  type TestLedger,
} from '../../libs/ledger/test/journal.js';
import { rewardMerchants } from '../../libs/ledger/test/rewarded-merchants.js';
import { ProgramGrants } from './program-counts.js';

describe('grants by program', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, 0, 2);
    await rewardMerchants(ledger.pool, 1, 3);
  });
  afterAll(() => ledger.close());

  it('are counted once, as the journals grow, with what is left of the pool', async () => {
    const counts = new ProgramGrants(ledger.pool);
    const upTo = async (...heads: [shard: number, sequence: bigint][]) => {
      const [ladder] = await counts.read(new Map(heads));
      return [ladder?.grants, ladder?.units.get('ANY_IMP')];
    };
    expect(await counts.read(new Map())).toEqual([
      {
        program: 'ladder',
        grants: 0n,
        settled: 0n,
        units: new Map([['ANY_IMP', { granted: 0n, left: 0n }]]),
      },
    ]);
    expect(await upTo([0, 2n])).toEqual([1n, { granted: 1_000n, left: 0n }]);
    const all: [number, bigint][] = [
      [0, 3n],
      [1, 4n],
    ];
    expect(await upTo(...all)).toEqual([5n, { granted: 5_000n, left: 0n }]);
    expect(await upTo(...all)).toEqual([5n, { granted: 5_000n, left: 0n }]);
  });
});
