import { inject } from 'vitest';
import { draftIn, NOW_MS } from '../../test/entries.js';
import {
  commit,
  createLedger,
  readHead,
  snapshot,
  type Place,
  type TestLedger,
} from '../../test/journal.js';
import { move, type Journal } from '../entry.js';
import { commitToJournal } from './journal-writer.js';
import { addToLotUse, insertLots } from './lots.js';
import { createPool, type Pool } from './pool.js';
import { ROLES } from './roles.js';
import { executeTogether } from './statement.js';

const SHARD = 1;
/** Of the lots, and of the commits that use them. */
const SHARD_OF_LOTS = 5;
const LOT = 'lot-1';
const WRITERS = [
  [ROLES.granter, 'grants'],
  [ROLES.promoter, 'promotions'],
] as const;
type Writer = (typeof WRITERS)[number][0];

/** Of a head that stands at revision 2, sequence 2; {journal} is the writer's own. */
const HERE = `shard = ${SHARD} AND journal = '{journal}'`;
const headTo = (change: string) =>
  `UPDATE shard_head SET ${change} WHERE ${HERE}`;
const batchOf = (revision: string, sequence: string) =>
  `INSERT INTO journal_batch (shard, journal, revision, sequence, consumed, recorded_at)
   SELECT shard, journal, ${revision}, ${sequence}, consumed, recorded_at FROM shard_head WHERE ${HERE}`;
const BATCH = batchOf('revision', 'sequence');
const linesFor = (sequence: number) =>
  `INSERT INTO posting (shard, journal, sequence, line, account, unit, amount, balance)
   VALUES (${SHARD}, '{journal}', ${sequence}, 8, 'spent:a', 'CNY', -5, 0), (${SHARD}, '{journal}', ${sequence}, 9, 'spent:b', 'CNY', 5, 0)`;
const entriesAt = (...sequences: number[]) =>
  `INSERT INTO entry (shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
   SELECT ${SHARD}, '{journal}', sequence, 'grant', 'm1', now(), now(), '{}', sha256('x')
   FROM unnest(ARRAY [${sequences.join(', ')}]) AS sequence`;
const NEXT = 'revision = revision + 1';
const OLD_LINES = 'entry {journal}-1-1 is not of this transaction';
const MOVED_WRONG =
  'the head of {journal}-1 cannot move from revision 2, sequence 2';
const WRONG_BATCH = /batch \d of \w+-1 is not what this transaction has moved/;

const REFUSED: [what: string, statements: string[], reason: string | RegExp][] =
  [
    [
      'lines for an old entry, under a head that is ahead of its batches for a moment',
      [
        headTo('revision = revision + 1000'),
        linesFor(1),
        headTo('revision = revision - 1000'),
      ],
      MOVED_WRONG,
    ],
    [
      'lines for an old entry, under a head that was moved past its batches by ones',
      [headTo(NEXT), headTo(NEXT), linesFor(1)],
      OLD_LINES,
    ],
    [
      'lines for an old entry, under a head that was touched',
      [headTo('consumed = consumed'), linesFor(2)],
      MOVED_WRONG,
    ],
    [
      'lines for an old entry, in a commit',
      [headTo(NEXT), BATCH, linesFor(1)],
      OLD_LINES,
    ],
    [
      'lines for an old entry, by a table that looks like the heads',
      [
        `CREATE TEMPORARY TABLE shard_head ON COMMIT DROP AS
         SELECT shard, journal, 1 AS revision, sequence FROM public.shard_head`,
        linesFor(1),
      ],
      OLD_LINES,
    ],
    [
      'a batch that tells less than its head',
      [headTo(NEXT), batchOf('revision', '0')],
      WRONG_BATCH,
    ],
    [
      'a batch that is yet to come',
      [headTo(NEXT), batchOf('revision + 1', 'sequence')],
      WRONG_BATCH,
    ],
    [
      'a batch without a move',
      [batchOf('revision + 1', 'sequence')],
      WRONG_BATCH,
    ],
    [
      'a head with its revision moved back',
      [headTo('revision = 1')],
      MOVED_WRONG,
    ],
    [
      'a head with its sequence moved back',
      [headTo(`${NEXT}, sequence = 1`)],
      MOVED_WRONG,
    ],
    [
      'a head with its time moved back',
      [headTo(`${NEXT}, recorded_at = recorded_at - interval '1 second'`)],
      MOVED_WRONG,
    ],
    ['a head of another shard', [headTo(`${NEXT}, shard = 9`)], MOVED_WRONG],
    [
      'a head that begins late',
      [
        `INSERT INTO shard_head SELECT 9, journal, revision, sequence, hash, consumed, recorded_at FROM shard_head WHERE ${HERE}`,
      ],
      'the head of {journal}-9 cannot begin at revision 2, sequence 2',
    ],
    [
      'a head ahead of its entries',
      [headTo(`${NEXT}, sequence = 9`), BATCH],
      'the head of {journal}-1 stands at sequence 9, but there is no such entry',
    ],
    [
      'a head with the hash of no entry',
      [headTo(`${NEXT}, hash = sha256('y')`), BATCH],
      'the head of {journal}-1 stands at sequence 2, but there is no such entry',
    ],
    [
      'an entry many numbers ahead of the last',
      [headTo(`${NEXT}, sequence = 1000`), entriesAt(1000)],
      'entries 1000 to 1000 of {journal}-1 are not those',
    ],
    [
      'entries with a gap',
      [headTo(`${NEXT}, sequence = 5`), entriesAt(3, 5)],
      'entries 3 to 5 of {journal}-1 are not those',
    ],
    [
      'an entry past the head',
      [headTo(`${NEXT}, sequence = 3`), entriesAt(3, 4)],
      'entries 3 to 4 of {journal}-1 are not those',
    ],
    [
      'an entry under a head that is ahead of its batches',
      [headTo(NEXT), headTo(`${NEXT}, sequence = 3`), entriesAt(3)],
      'entries 3 to 3 of {journal}-1 are not those',
    ],
    [
      'an entry without a move',
      [entriesAt(3)],
      'entries 3 to 3 of {journal}-1 are not those',
    ],
  ];

describe('what a service cannot write, in its own journal', () => {
  let ledger: TestLedger;
  const pools = new Map<Writer, Pool>();

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    for (const writer of [ROLES.granter, ROLES.promoter] as const)
      pools.set(
        writer,
        createPool(ledger.url, {
          applicationName: 'test',
          maxConnections: 1,
          role: writer,
        }),
      );
    for (const [writer, journal] of WRITERS)
      for (const lot of [LOT, 'lot-2'])
        await commit(as(writer), { journal, shard: SHARD }, [
          draftIn(journal, lot),
        ]);
    await executeTogether(
      as(ROLES.granter),
      insertLots(
        SHARD_OF_LOTS,
        [LOT, 'lot-2', 'lot-3'].map((lotId) => ({
          lotId,
          merchantId: 'm1',
          unit: 'ANY_IMP',
          granted: 1_000n,
          expiresAtMs: NOW_MS,
          program: 'ladder',
        })),
      ),
    );
    await use(100n);
  });
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await ledger.close();
  });

  describe.each(WRITERS)('as %s', (writer, journal) => {
    it.each(REFUSED)('%s', async (_, statements, reason) => {
      const before = await snapshot(ledger.pool, SHARD);
      await expect(together(writer, journal, statements)).rejects.toThrow(
        typeof reason === 'string' ? inJournal(reason, journal) : reason,
      );
      expect(await snapshot(ledger.pool, SHARD)).toEqual(before);
    });

    it('but commits, with entries and without', async () => {
      const place: Place = { journal, shard: SHARD + 1 };
      const draft = draftIn(journal);
      for (const drafts of [[], [draft, draft], [], [draft]])
        await commit(as(writer), place, drafts);
      const head = await readHead(ledger.pool, place);
      expect(head).toMatchObject({ revision: 4n, tip: { sequence: 3n } });
    });

    it('nor what another writer was ahead with', async () => {
      const place: Place = { journal, shard: SHARD + 2 };
      const head = await readHead(ledger.pool, place);
      const drafts = [draftIn(journal)];
      await commit(as(writer), place, drafts);
      expect(await commit(as(writer), place, drafts, head)).toBeNull();
    });
  });

  it('says what a commit does to a head', async () => {
    await expect(
      together(ROLES.granter, 'grants', [headTo('revision = 9')]),
    ).rejects.toMatchObject({
      hint: 'A commit moves the revision by one, and neither the sequence nor the time back.',
    });
  });

  it.each([
    'granted = 1000000, spent = 999999',
    'granted = granted',
    `lot_id = 'lot-2'`,
    'shard = 2',
  ])('of a lot, %s', async (change) => {
    await expect(
      as(ROLES.promoter).query(
        `UPDATE lot_use SET ${change} WHERE lot_id = '${LOT}'`,
      ),
    ).rejects.toThrow('permission denied for table lot_use');
  });

  it.each([
    ['lot-2', 'of more than it has', 1_000_000, 'the lot has 1000'],
    ['lot-2', 'of less than it has', 999, 'the lot has 1000'],
    ['lot-9', 'which is no lot', 1_000, 'there is no such lot'],
  ])('a use of %s, %s', async (lot, _, granted, reason) => {
    await expect(
      as(ROLES.promoter).query(
        `INSERT INTO lot_use (shard, lot_id, granted) VALUES (${SHARD_OF_LOTS}, '${LOT}', 1000), (${SHARD_OF_LOTS}, '${lot}', ${granted})
         ON CONFLICT DO NOTHING`,
      ),
    ).rejects.toThrow(
      `the use of lot ${lot} would have ${granted} granted, but ${reason}`,
    );
  });

  it('more than was granted of a lot', async () => {
    await use(900n);
    await expect(use(1n)).rejects.toThrow('lot_not_below_zero');
  });

  /** As the promoter does it. */
  async function use(amount: bigint): Promise<void> {
    const place: Place = { journal: 'promotions', shard: SHARD_OF_LOTS };
    const head = await readHead(ledger.pool, place);
    await commitToJournal(as(ROLES.promoter), {
      ...place,
      head,
      consumed: head.consumed,
      drafts: [],
      nowMs: NOW_MS,
      alongside: () =>
        addToLotUse(SHARD_OF_LOTS, [
          {
            postings: move('ANY_IMP', amount, 'available', 'reserved', 'lot-3'),
          },
          { postings: move('ANY_IMP', amount, 'available', 'spent:live', LOT) },
        ]),
    });
  }

  function together(
    writer: Writer,
    journal: Journal,
    statements: readonly string[],
  ): Promise<void> {
    return executeTogether(
      as(writer),
      statements.map((text) => ({ text: inJournal(text, journal) })),
    );
  }

  function as(writer: Writer): Pool {
    return pools.get(writer)!;
  }
});

function inJournal(text: string, journal: Journal): string {
  return text.replaceAll('{journal}', journal);
}
