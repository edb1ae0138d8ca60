import { inject } from 'vitest';
import { grantOf, NOW_MS } from '../../test/entries.js';
import {
  commit,
  createLedger,
  readHead,
  snapshot,
  type TestLedger,
} from '../../test/journal.js';
import type { EntryDraft } from '../entry.js';
import { commitToJournal } from './journal-writer.js';
import type { Statement } from './statement.js';

describe('a commit to a journal', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
  });
  afterAll(() => ledger.close());

  it('moves the head to its last entry and to what it consumed', async () => {
    const place = { journal: 'grants', shard: 1 } as const;
    const from = await readHead(ledger.pool, place);
    expect(from).toMatchObject({ revision: 0n, consumed: {} });
    const consumed = { a: 2n ** 40n, b: 0n };
    const committed = await commitToJournal(ledger.pool, {
      ...place,
      head: from,
      consumed,
      drafts: [grantOf(1n), grantOf(2n)],
      nowMs: NOW_MS,
    });
    const head = await readHead(ledger.pool, place);
    expect(head).toEqual(committed!.head);
    expect(head).toEqual({
      revision: 1n,
      consumed,
      tip: {
        sequence: 2n,
        hash: committed!.entries[1]!.hash,
        recordedAtMs: NOW_MS,
      },
    });
  });

  it.each([
    ['before there was any', 2],
    ['that another writer has moved since', 3],
  ])('is refused from a head %s, and nothing is written', async (_, shard) => {
    const place = { journal: 'grants', shard } as const;
    if (shard === 3) await commit(ledger.pool, place, [grantOf(1n)]);
    const old = await readHead(ledger.pool, place);
    await commit(ledger.pool, place, [grantOf(2n)]);
    const before = await snapshot(ledger.pool, shard);
    const refused = await commit(ledger.pool, place, [grantOf(3n)], old, () => [
      { text: `INSERT INTO goal_start VALUES (${shard}, 'ladder/orders', 0)` },
    ]);
    expect(refused).toBeNull();
    const { rowCount } = await ledger.pool.query(
      'SELECT FROM goal_start WHERE shard = $1',
      [shard],
    );
    expect(rowCount).toBe(0);
    expect(await snapshot(ledger.pool, shard)).toEqual(before);
  });

  it('is refused from a head of the right revision that had consumed something else', async () => {
    const place = { journal: 'grants', shard: 4 } as const;
    const { head } = (await commit(ledger.pool, place, [grantOf(1n)]))!;
    const forged = { ...head, consumed: { topic: 2n } };
    expect(await commit(ledger.pool, place, [], forged)).toBeNull();
    expect(await commit(ledger.pool, place, [], head)).not.toBeNull();
  });

  it('is made by exactly one of the writers that race from one head', async () => {
    const place = { journal: 'promotions', shard: 5 } as const;
    for (let round = 1; round <= 10; round += 1) {
      const head = await readHead(ledger.pool, place);
      const outcomes = await Promise.all(
        [10n, 20n, 30n, 40n].map((amount) =>
          commit(ledger.pool, place, [grantOf(amount)], head),
        ),
      );
      const won = outcomes.filter((outcome) => outcome !== null);
      expect(won).toHaveLength(1);
      expect(await readHead(ledger.pool, place)).toEqual(won[0]!.head);
      expect(await countEntries(place.shard)).toBe(round);
    }
  });

  it('does not stand in the way of the other journal of its shard', async () => {
    const grants = { journal: 'grants', shard: 6 } as const;
    const old = await readHead(ledger.pool, grants);
    const promotions = { journal: 'promotions', shard: 6 } as const;
    await commit(ledger.pool, promotions, [grantOf(1n)]);
    expect(await commit(ledger.pool, grants, [], old)).not.toBeNull();
  });

  it.each<[string, EntryDraft[], () => Statement[], string]>([
    [
      'what belongs with it fails',
      [grantOf(1n)],
      () => [{ text: 'INSERT INTO progress DEFAULT VALUES' }],
      'null value in column "shard"',
    ],
    [
      'an entry cannot be stored',
      [grantOf(1n), grantOf(1n, 'a merchant of one \0')],
      () => [],
      'invalid byte sequence',
    ],
  ])('leaves nothing where %s', async (_, drafts, alongside, reason) => {
    const place = { journal: 'grants', shard: 7 } as const;
    const before = await snapshot(ledger.pool, 7);
    await expect(
      commit(ledger.pool, place, drafts, undefined, alongside),
    ).rejects.toThrow(reason);
    expect(await snapshot(ledger.pool, 7)).toEqual(before);
  });

  it('is recorded with what it consumed and when, for a later replay', async () => {
    const place = { journal: 'promotions', shard: 8 } as const;
    const head = await readHead(ledger.pool, place);
    await commitToJournal(ledger.pool, {
      ...place,
      head,
      consumed: { topic: 7n },
      drafts: [grantOf(1n)],
      nowMs: NOW_MS,
      tickedAtMs: NOW_MS - 1,
    });
    const { rows } = await ledger.pool.query(
      `SELECT revision, sequence, consumed, ticked_at, recorded_at FROM journal_batch WHERE shard = 8`,
    );
    expect(rows).toEqual([
      {
        revision: 1n,
        sequence: 1n,
        consumed: { topic: 7 },
        ticked_at: new Date(NOW_MS - 1),
        recorded_at: new Date(NOW_MS),
      },
    ]);
  });

  async function countEntries(shard: number): Promise<number> {
    const { rows } = await ledger.pool.query(
      'SELECT sequence FROM entry WHERE shard = $1',
      [shard],
    );
    return rows.length;
  }
});
