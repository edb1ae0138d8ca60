import { cp, rm } from 'node:fs/promises';
import {
  generateKey,
  LogDirectory,
  parseSignerKey,
  parseVerifierKey,
  type LogStorage,
  type TileFile,
} from '@app/transparency';
import { inject } from 'vitest';
import { commit } from '../../../ledger/test/journal.js';
import { rewardMerchants } from '../../../ledger/test/rewarded-merchants.js';
import { grantOf } from '../../../ledger/test/entries.js';
import { tamper } from '../../../ledger/test/tamper.js';
import { LOG, SealedLedger, SHARD_COUNT } from '../../test/sealing.js';
import { readLeaves } from './read-leaves.js';
import { SealState, writeBlock } from './write-block.js';

/** The process died. */
class Crash extends Error {}

/** A log's directory whose process dies at its n-th write or removal. */
class CrashingDirectory implements LogStorage {
  readonly #directory: LogDirectory;

  constructor(
    path: string,
    private left: number,
  ) {
    this.#directory = new LogDirectory(path);
  }

  read = (path: string) => this.#directory.read(path);

  async write(files: readonly TileFile[]): Promise<void> {
    for (const file of files) {
      this.#step();
      await this.#directory.write([file]);
    }
  }

  async remove(path: string): Promise<void> {
    this.#step();
    await this.#directory.remove(path);
  }

  #step(): void {
    this.left -= 1;
    if (this.left < 0) throw new Crash();
  }
}

describe('the sealer, started again', () => {
  let ledger: SealedLedger;

  beforeEach(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, 1, 2);
  });
  afterEach(() => ledger.close());

  it('appends what was committed and is not in the log', async () => {
    await (await ledger.open()).seal();
    await commitGrant(2);
    const state = await SealState.read(ledger.sealerPool, SHARD_COUNT);
    await writeBlock(ledger.sealerPool, state, Date.now());
    expect((await ledger.checkpoint()).size).toBe(12);

    const sealer = await ledger.open();
    expect((await ledger.checkpoint()).size).toBe(14);
    expect(await ledger.leaves()).toEqual(await storedLeaves());
    expect(await sealer.countUnsealed()).toBe(0);
    await commitGrant(2);
    expect(await sealer.seal()).toBe(1);
    expect(await ledger.leaves()).toEqual(await storedLeaves());
  });

  it('goes on, wherever it was killed while it wrote the log', async () => {
    // More than a tile, so that full ones, partial ones and removals are among what is cut off.
    await rewardMerchants(ledger.pool, 0, 70);
    for (let steps = 0; ; steps += 1) {
      const storage = new CrashingDirectory(ledger.logDirectory, steps);
      try {
        const sealer = await ledger.open({ storage });
        await commitGrant(2);
        await sealer.seal();
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(Crash);
      }
    }
    await ledger.open();
    expect(await ledger.leaves()).toEqual(await storedLeaves());
  });

  it('keeps a checkpoint that a crash kept from being kept', async () => {
    const history = ledger.history;
    const crashing = {
      last: () => history.last(),
      append: () => Promise.reject(new Crash()),
    };
    const sealer = await ledger.open({ history: crashing });
    await expect(sealer.seal()).rejects.toThrow(Crash);
    await ledger.open();
    const { size } = await ledger.checkpoint();
    expect(size).toBe(12);
    const { rows } = await ledger.pool.query('SELECT size FROM checkpoint');
    expect(rows).toEqual([{ size: 12n }]);
    expect((await history.last())?.toString()).toContain('\n12\n');
  });

  it('makes a lost log again, leaf by leaf', async () => {
    const sealer = await ledger.open();
    await sealer.seal();
    await commitGrant(3);
    await sealer.seal();
    const before = await ledger.checkpoint();
    await rm(ledger.logDirectory, { recursive: true });
    await ledger.open();
    expect(await ledger.checkpoint()).toEqual(before);
    await ledger.leaves();
  });

  it('signs no other log than the one it lost', async () => {
    await (await ledger.open()).seal();
    await rm(ledger.logDirectory, { recursive: true });
    await rewriteLastGrant();
    await expect(ledger.open()).rejects.toThrow(
      'grants-1-3 was changed: what is stored does not make its hash',
    );
    await tamper(
      ledger.pool,
      `UPDATE sealed_block SET leaf = leaf || 'x'::bytea`,
    );
    await expect(ledger.open()).rejects.toThrow(
      'a leaf has more than its fields',
    );
  });

  it('signs nothing where a log that was made again is not what was signed', async () => {
    await (await ledger.open()).seal();
    await rm(ledger.logDirectory, { recursive: true });
    // Consistent in itself: another time of sealing.
    await tamper(
      ledger.pool,
      `UPDATE sealed_block SET leaf = decode(replace(encode(leaf, 'hex'),
         encode(convert_to((extract(epoch FROM sealed_at) * 1000)::bigint::text, 'UTF8'), 'hex'),
         encode(convert_to('1731283200000', 'UTF8'), 'hex')), 'hex')`,
    );
    await expect(ledger.open()).rejects.toThrow(
      'the first 12 positions are not what was signed',
    );
    await expect(ledger.checkpoint()).rejects.toThrow('no checkpoint');
  });

  it('refuses a ledger that was restored to an earlier moment', async () => {
    const sealer = await ledger.open();
    await sealer.seal();
    const { size } = await ledger.checkpoint();
    await commitGrant(2);
    await sealer.seal();
    await tamper(
      ledger.pool,
      `DELETE FROM sealed_block WHERE block = 1; DELETE FROM sealed_range WHERE block = 1;
       DELETE FROM sealed_balances WHERE block = 1; DELETE FROM checkpoint WHERE size > ${size}`,
    );
    await expect(ledger.open()).rejects.toThrow(
      'the log has 14 positions, but the ledger is sealed up to 12: the ledger was cut off or restored',
    );
    await rm(ledger.logDirectory, { recursive: true });
    await expect(ledger.open()).rejects.toThrow(
      'a checkpoint of 14 positions was signed, but the ledger is sealed up to 12',
    );
  });

  it('refuses a log of another ledger', async () => {
    const other = await SealedLedger.create(inject('postgresUrl'));
    try {
      await rewardMerchants(other.pool, 1, 2);
      await (await other.open()).seal();
      await (await ledger.open()).seal();
      await rm(ledger.logDirectory, { recursive: true });
      await cp(other.logDirectory, ledger.logDirectory, { recursive: true });
      await expect(ledger.open()).rejects.toThrow(
        'block 0 of the ledger is not what the log has at 11',
      );
    } finally {
      await other.close();
    }
  });

  it('refuses a log that another key has signed', async () => {
    await (await ledger.open()).seal();
    const keys = generateKey(LOG.origin);
    await expect(
      ledger.open({
        signer: parseSignerKey(keys.signerKey),
        identity: { ...LOG, verifiers: [parseVerifierKey(keys.verifierKey)] },
      }),
    ).rejects.toThrow('the log cannot be gone on with: ');
  });

  it('signs no entry that is not what was hashed, and names it', async () => {
    const sealer = await ledger.open();
    await rewriteLastGrant();
    await expect(sealer.seal()).rejects.toThrow(
      'grants-1-3 was changed: what is stored does not make its hash',
    );
    await expect(ledger.open()).rejects.toThrow('grants-1-3 was changed');
    await expect(ledger.checkpoint()).rejects.toThrow('no checkpoint');
  });

  it.each([
    [
      'is gone',
      `DELETE FROM posting WHERE sequence = 2 AND journal = 'grants'; DELETE FROM entry WHERE sequence = 2 AND journal = 'grants'`,
      'grants-1-2 is missing',
    ],
    [
      'at the end is gone',
      `DELETE FROM posting WHERE sequence = 8; DELETE FROM entry WHERE sequence = 8`,
      'promotions-1-8 is missing',
    ],
    [
      'has another amount',
      `UPDATE posting SET amount = 2 * amount WHERE sequence = 2 AND journal = 'grants'`,
      'grants-1-2 was changed',
    ],
    [
      'has another hash in the head',
      `UPDATE shard_head SET hash = sha256('x') WHERE journal = 'promotions'`,
      'promotions-1-8 was changed: it has another hash than its journal',
    ],
  ])('signs nothing where an entry %s', async (_, statements, message) => {
    const sealer = await ledger.open();
    await tamper(ledger.pool, statements);
    await expect(sealer.seal()).rejects.toThrow(message);
    await expect(ledger.checkpoint()).rejects.toThrow('no checkpoint');
  });

  it('notices that what is sealed was cut off, or has another hash', async () => {
    const sealer = await ledger.open();
    await sealer.seal();
    await tamper(
      ledger.pool,
      `UPDATE shard_head SET hash = sha256('x') WHERE journal = 'promotions'`,
    );
    await expect(sealer.seal()).rejects.toThrow(
      'promotions-1-8 was changed: it has another hash than was sealed',
    );
    await tamper(
      ledger.pool,
      `UPDATE shard_head SET sequence = 7 WHERE journal = 'promotions'`,
    );
    await expect((await ledger.open()).seal()).rejects.toThrow(
      'promotions-1-8 is sealed, but promotions of shard 1 ends at 7: entries were cut off',
    );
  });

  async function commitGrant(shard: number): Promise<void> {
    await commit(ledger.pool, { journal: 'grants', shard }, [
      { ...grantOf(1n), kind: 'switch_on', postings: [] },
    ]);
  }

  async function rewriteLastGrant(): Promise<void> {
    await tamper(
      ledger.pool,
      `UPDATE entry SET kind = 'expire' WHERE shard = 1 AND journal = 'grants' AND sequence = 3`,
    );
  }

  async function storedLeaves(): Promise<Buffer[]> {
    const all: Buffer[] = [];
    for await (const leaves of readLeaves(ledger.pool, 0)) all.push(...leaves);
    return all;
  }
});
