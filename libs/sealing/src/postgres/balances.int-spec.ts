import fc from 'fast-check';
import { shardOf } from '@app/contracts';
import { inTransaction, readStoredPages } from '@app/ledger/postgres';
import { inject } from 'vitest';
import { grantOf } from '../../../ledger/test/entries.js';
import { commit } from '../../../ledger/test/journal.js';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { tamper } from '../../../ledger/test/tamper.js';
import { budgetOf, SealedLedger, SHARD_COUNT } from '../../test/sealing.js';
import {
  balanceLeafOf,
  OWN_LEAF,
  type AccountBalance,
} from '../balance-leaf.js';
import {
  balanceRoot,
  ShardBalanceTree,
  verifyBalanceProof,
} from '../balance-tree.js';
import { decodeBlock, isBlockLeaf } from '../block.js';
import { rangesOf, SealCursors } from '../order.js';
import { proveBalances } from './prove-balance.js';
import { readBlock, readLastBlock } from './sealed.js';

describe('the sealed balances', () => {
  let ledger: SealedLedger;

  beforeEach(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
  });
  afterEach(() => ledger.close());

  it('have merchants in the leaf that the database has them in', async () => {
    const ids = fc.sample(
      fc.string({ unit: 'grapheme' }).filter((id) => !id.includes('\0')),
      500,
    );
    const { rows } = await ledger.pool.query<{ leaf: number }>(
      `SELECT 1 + balance_bucket(id) AS leaf FROM unnest($1::text[]) WITH ORDINALITY AS ids (id, place) ORDER BY place`,
      [ids],
    );
    expect(rows.map(({ leaf }) => leaf)).toEqual(ids.map(balanceLeafOf));
  });

  it('are the sums of the postings up to each block, whoever recomputes them', async () => {
    let sealer = await ledger.open();
    await rewardMerchants(ledger.pool, 1, 30);
    await sealer.seal();
    await grant(1, 'm3', 'm4', 'somebody new');
    await rewardMerchants(ledger.pool, 2, 2);
    await sealer.seal();
    await grant(2, 'm1');
    // Another process has no leaf in memory.
    sealer = await ledger.open();
    await sealer.seal();
    await grant(1, 'm30');
    await grant(2, 'm2');
    await sealer.seal();
    // More leaves than are read at a time, and of several shards.
    await grant(1, ...Array.from({ length: 400 }, (_, i) => `late ${i}`));
    await grant(2, ...Array.from({ length: 400 }, (_, i) => `late ${i}`));
    await sealer.seal();

    const blocks = (await ledger.leaves()).filter(isBlockLeaf).map(decodeBlock);
    expect(blocks).toHaveLength(5);
    const cursors = new SealCursors();
    for (const block of blocks) {
      rangesOf(block, cursors);
      cursors.advance(block.heads);
      expect(block.balanceRoot).toEqual(await recompute(cursors));
    }
  });

  it('prove what a merchant has, as of any block', async () => {
    const merchant = 'a merchant';
    const shard = shardOf(merchant, SHARD_COUNT);
    await rewardMerchants(ledger.pool, shard, 3);
    await rewardMerchants(ledger.pool, (shard + 1) % SHARD_COUNT, 2);
    await grant(shard, merchant);
    const sealer = await ledger.open();
    await sealer.seal();
    // Not sealed yet, and so not in the proof.
    await grant(shard, merchant, 'm1');
    const has = (balance: bigint): AccountBalance[] => [
      { account: `merchant:${merchant}:available`, unit: 'ANY_IMP', balance },
    ];
    expect(await proven(merchant)).toEqual(has(1n));
    expect(await proven('nobody')).toEqual([]);
    await sealer.seal();
    expect(await proven(merchant)).toEqual(has(2n));
    expect(await proven(merchant, 0)).toEqual(has(1n));
  });

  it('are proved to nobody where they are not those that were sealed', async () => {
    const shard = shardOf('m1', SHARD_COUNT);
    await rewardMerchants(ledger.pool, shard, 2);
    await (await ledger.open()).seal();
    await tamper(
      ledger.pool,
      `UPDATE merchant_balance SET amount = amount + 1 WHERE merchant_id = 'm2' AND account = 'available'`,
    );
    await expect(proven('m1')).rejects.toThrow(
      `the balances of shard ${shard} are not those that block 0 sealed`,
    );
  });

  /** @param number of the block; of the last one, by default */
  async function proven(
    merchantId: string,
    number?: number,
  ): Promise<AccountBalance[]> {
    const { position, proof } = await inTransaction(
      ledger.pool,
      async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        const block = (await (number === undefined
          ? readLastBlock(client)
          : readBlock(client, number)))!;
        return {
          position: block.position,
          proof: await proveBalances(client, merchantId, block),
        };
      },
    );
    const leaves = await ledger.leaves();
    return verifyBalanceProof(proof, decodeBlock(leaves[position]!));
  }

  /** One more ANY_IMP to each. */
  async function grant(shard: number, ...merchants: string[]): Promise<void> {
    await commit(ledger.pool, { journal: 'grants', shard }, [
      budgetOf(1_000n),
      ...merchants.map((merchantId) => grantOf(1n, merchantId)),
    ]);
  }

  /** The root over what the postings sum to, in trees made from nothing. */
  async function recompute(cursors: SealCursors): Promise<Buffer> {
    const roots: Buffer[] = [];
    for (let shard = 0; shard < SHARD_COUNT; shard += 1) {
      const tree = new ShardBalanceTree(shard);
      for (const [leaf, balances] of await sumPostings(cursors, shard))
        tree.set(leaf, [...balances.values()]);
      roots.push(tree.root());
    }
    return balanceRoot(roots);
  }

  async function sumPostings(cursors: SealCursors, shard: number) {
    const byLeaf = new Map<number, Map<string, AccountBalance>>();
    const client = await ledger.pool.connect();
    try {
      for (const journal of ['grants', 'promotions'] as const) {
        const upTo = cursors.of(journal, shard).sequence;
        const pages = readStoredPages(client, journal, shard, { upTo });
        for await (const { entries } of pages)
          for (const { postings, merchantId } of entries)
            for (const { account, unit, amount } of postings) {
              const isOwn = !account.startsWith('merchant:');
              const leaf = isOwn ? OWN_LEAF : balanceLeafOf(merchantId!);
              const balances = byLeaf.get(leaf) ?? new Map();
              byLeaf.set(leaf, balances);
              const key = `${account} ${unit}`;
              const before = balances.get(key)?.balance ?? 0n;
              balances.set(key, { account, unit, balance: before + amount });
            }
      }
    } finally {
      client.release();
    }
    return byLeaf;
  }
});
