import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { eventKey } from '@app/contracts';
import { grantOf } from '../../../test/entries.js';
import {
  commit,
  createLedger,
  type TestLedger,
} from '../../../test/journal.js';
import { rewardMerchants } from '../../../test/rewarded-merchants.js';
import type { Cause } from '../../cause.js';
import { entryId, JOURNALS, type Entry, type EntryDraft } from '../../entry.js';
import { createPool, type Pool } from '../pool.js';
import { readEntries } from '../read.js';
import { ROLES } from '../roles.js';
import { EFFECTS_OF_EVENT, effectsOfEvent } from './effects-of-event.js';
import { ENTRIES_OF_RULE, entriesOfRule } from './entries-of-rule.js';
import { LIFE_OF_LOT, lifeOfLot, readLot } from './life-of-lot.js';
import type { ToldEntry } from './told-entries.js';

const REWARDED = 10;
const SHARDS = [...Array(64).keys()];
const FILLED = [0, 1, 2, 3];
/** More than a page of one version in one shard. */
const GRANTS_EACH = 2_400;
const VERSIONS = 4;

describe('asking the ledger by cause', () => {
  let ledger: TestLedger;
  let pool: Pool;
  let entries: Entry[];

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    pool = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.auditor,
    });
    await rewardMerchants(ledger.pool, REWARDED, 5);
    for (const shard of FILLED) await fill(shard);
    await ledger.pool.query('ANALYZE');
    entries = [];
    for (const shard of [...FILLED, REWARDED])
      for (const journal of JOURNALS)
        entries.push(
          ...(await readEntries(ledger.pool, journal, shard, 1n, 5_000)),
        );
  });
  afterAll(async () => {
    await pool.end();
    await ledger.close();
  });

  it('tells the whole life of a lot, in order, with its postings', async () => {
    const lot = (await readLot(pool, 'grants-10-2'))!;
    expect(lot).toMatchObject({
      shard: 10,
      merchantId: 'm1',
      unit: 'ANY_IMP',
      granted: 1_000n,
    });
    const life = await all(lifeOfLot(pool, lot));
    expect(life.map(({ kind }) => kind)).toEqual([
      'grant',
      'reserve',
      'deliver',
      'release',
    ]);
    const moved = life.flatMap(({ postings }) => postings);
    expect(moved.every(({ lotId }) => lotId === lot.lotId)).toBe(true);
    expect(
      moved
        .filter(({ account }) => account === 'merchant:m1:available')
        .map(({ amount }) => amount),
    ).toEqual([1_000n, -600n, 200n]);
    expect(life[2]).toMatchObject({
      entryId: 'promotions-10-3',
      cause: { type: 'promotion_delivered', reportedImpressions: 400 },
    });
  });

  it.each(['grants-10-99', 'promotions-10-2', 'grants-99999-1', 'lot', ''])(
    'knows no lot "%s"',
    async (lotId) => {
      expect(await readLot(pool, lotId)).toBeNull();
    },
  );

  it('tells all that one event has caused, whatever the shard', async () => {
    for (const [source, id] of [
      ['orders', 'paid-1'],
      ['orders', 'paid-0-7'],
      ['urn:traffic-reward-ledger:ad-delivery', 'event-1'],
      ['orders', 'of nobody'],
    ] as const) {
      const effects = await all(effectsOfEvent(pool, { source, id }, SHARDS));
      expect(ids(effects)).toEqual(
        entries
          .filter(({ cause }) => names(cause, source, id))
          .map(idOf)
          .sort(),
      );
    }
  });

  it('tells the entries of a rule version, page by page', async () => {
    const rule = { program: 'ladder', version: 2 };
    const pages: ToldEntry[][] = [];
    for await (const page of entriesOfRule(pool, rule, SHARDS))
      pages.push(page);
    expect(pages.length).toBeGreaterThan(FILLED.length);
    const expected = entries.filter(
      ({ cause }) => 'version' in cause && cause.version === 2,
    );
    expect(expected.length).toBe((FILLED.length * GRANTS_EACH) / VERSIONS);
    expect(ids(pages.flat())).toEqual(expected.map(idOf).sort());
    expect(pages[0]![0]).toMatchObject(rulePart(expected[0]!));
    const other = { program: 'ladder', version: 99 };
    expect(await all(entriesOfRule(pool, other, SHARDS))).toEqual([]);
  });

  it.each(['', '(GENERIC_PLAN)'])(
    'looks into an index for each, whatever is asked for %s',
    async (option) => {
      const key = eventKey('orders', 'paid-0-7');
      for (const [text, values, index] of [
        [
          LIFE_OF_LOT,
          [10, 'grants-10-2', new Date(0), '', 0],
          'posting_of_lot',
        ],
        [EFFECTS_OF_EVENT, [SHARDS, key, -1, '', 0], 'entry_event_pkey'],
        [ENTRIES_OF_RULE, [0, 'ladder', 2, 'grants', 0], 'entry_of_rule'],
      ] as const) {
        const plan = await explain(option, text, values);
        expect(plan).toMatch(new RegExp(`(Index|Bitmap).* ${index}\\b`));
        expect(plan).not.toContain('Seq Scan');
      }
    },
  );

  it('documents queries that look into indexes too', async () => {
    const page = await readFile('docs/auditing.md', 'utf8');
    const [, section] = /\n## Asking the ledger\n(.*?)\n## /s.exec(page)!;
    const queries = [...section!.matchAll(/```sql\n(.*?)```/gs)];
    expect(queries).toHaveLength(4);
    for (const [, query] of queries) {
      await pool.query(query!);
      expect(await explain('', query!, [])).not.toMatch(
        /Seq Scan on (entry|posting|entry_event)\b/,
      );
    }
  });

  /** Grants with an event each, of versions in turn. */
  async function fill(shard: number): Promise<void> {
    const drafts = Array.from({ length: GRANTS_EACH }, (_, i): EntryDraft => {
      const lotId = entryId('grants', shard, BigInt(i + 1));
      const draft = grantOf(10n, `m${i % 50}`, lotId);
      const cause = draft.cause as Extract<Cause, { type: 'goal_reached' }>;
      const [event] = cause.events;
      const events = [{ ...event!, id: `paid-${shard}-${i}` }];
      return {
        ...draft,
        cause: { ...cause, version: (i % VERSIONS) + 1, events },
      };
    });
    await commit(ledger.pool, { journal: 'grants', shard }, drafts);
  }

  async function explain(
    option: string,
    text: string,
    values: readonly unknown[],
  ): Promise<string> {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>({
      text: `EXPLAIN ${option} ${text}`,
      values: option ? [] : [...values],
    });
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
});

async function all(pages: AsyncIterable<ToldEntry[]>): Promise<ToldEntry[]> {
  const entries: ToldEntry[] = [];
  for await (const page of pages) entries.push(...page);
  return entries;
}

function ids(entries: readonly ToldEntry[]): string[] {
  return entries.map((entry) => entry.entryId).sort();
}

function idOf({ journal, shard, sequence }: Entry): string {
  return entryId(journal, shard, sequence);
}

function names(cause: Cause, source: string, id: string): boolean {
  const events =
    'events' in cause ? cause.events : 'event' in cause ? [cause.event] : [];
  return events.some((event) => event?.source === source && event.id === id);
}

function rulePart({ kind, merchantId, cause, postings }: Entry) {
  return {
    kind,
    merchantId,
    cause,
    program: 'ladder',
    programVersion: 2,
    postings: postings.map(({ unit, amount, lotId }) => ({
      unit,
      amount,
      lotId,
    })),
  };
}
