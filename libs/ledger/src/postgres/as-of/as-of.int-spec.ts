import fc from 'fast-check';
import { inject } from 'vitest';
import {
  SealState,
  writeBlock,
} from '../../../../sealing/src/postgres/write-block.js';
import { NOW_MS } from '../../../test/entries.js';
import { createLedger, type TestLedger } from '../../../test/journal.js';
import {
  anyCommits,
  LivingShard,
  MERCHANTS,
  type PlannedCommit,
} from '../../../test/lives-of-lots.js';
import { MERCHANT_ACCOUNT_CLASSES } from '../../account.js';
import {
  isOpen,
  leftOf,
  sumByUnit,
  type Cut,
  type LotAsOf,
  type LotCursor,
  type Moment,
  type StatementCursor,
  type StatementLine,
} from '../../as-of/index.js';
import { entryId, JOURNALS, type Entry } from '../../entry.js';
import { createPool, type Pool } from '../pool.js';
import { readEntries } from '../read.js';
import { ROLES } from '../roles.js';
import {
  balancesAsOf,
  cutAt,
  lotsAsOf,
  readShards,
  statement,
  trialBalanceAsOf,
} from './index.js';

const RUNS = 14;
const SHARDS_EACH = 2;
/** The shard that no property writes to. */
const UNTOUCHED = 62;

describe('the ledger as of a moment', () => {
  let ledger: TestLedger;
  let readers: Pool[];
  // Read once: the hashes of all balances are made with it.
  let sealed: SealState;
  let nextShard = 0;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    sealed = await SealState.read(ledger.pool, 64);
    readers = [ROLES.api, ROLES.auditor].map((role) =>
      createPool(ledger.url, {
        applicationName: 'test',
        maxConnections: 2,
        role,
      }),
    );
  });
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.end()));
    await ledger.close();
  });

  it('has the balances that the postings up to there sum to', () =>
    check(async ({ pool, shards, moment, cut, counted }) => {
      for (const shard of shards)
        for (const merchantId of MERCHANTS)
          expect(
            asMap(await balancesAsOf(pool, { shard, merchantId }, cut)),
            JSON.stringify(moment),
          ).toEqual(balancesOf(counted, shard, merchantId));
    }));

  it('has the trial balance that the postings up to there sum to, zero in each unit', () =>
    check(async ({ pool, moment, cut, counted }) => {
      const lines = await trialBalanceAsOf(pool, cut);
      const sums = new Map<string, bigint>();
      for (const { postings } of counted)
        for (const { account, unit, amount } of postings)
          add(sums, `${account} ${unit}`, amount);
      expect(asMap(lines), JSON.stringify(moment)).toEqual(sums);
      expect([...sumByUnit(lines).values()].every((sum) => sum === 0n)).toBe(
        true,
      );
    }));

  it('has the lots that were granted by then, with what had become of them, open ones first', () =>
    check(async ({ pool, shards, cut, counted }) => {
      for (const shard of shards)
        for (const merchantId of MERCHANTS) {
          const lots: LotAsOf[] = [];
          let after: LotCursor | null = null;
          do {
            const page = await lotsAsOf(pool, { shard, merchantId }, cut, {
              limit: 2,
              after,
            });
            lots.push(...page.lots);
            after = page.next;
            expect(page.lots.length === 2 || after === null).toBe(true);
          } while (after);
          expect(lots.map(told).sort()).toEqual(
            lotsOf(counted, shard, merchantId),
          );
          const open = lots.filter(isOpen);
          expect(lots.slice(0, open.length)).toEqual(open);
          expect(open).toEqual([...open].sort(byExpiry));
          const closed = lots
            .slice(open.length)
            .map(({ sequence }) => sequence);
          expect(closed).toEqual([...closed].sort((a, b) => Number(b - a)));
        }
    }));

  it('has statements whose lines lead from the opening to the closing balances', () =>
    check(async ({ pool, shards, cut, counted, random, all }) => {
      const earlier = await randomMoment(pool, shards, random, all);
      for (const shard of shards)
        for (const merchantId of MERCHANTS) {
          const merchant = { shard, merchantId };
          const [a, b] = [
            earlier.cut.shards.get(shard)!,
            cut.shards.get(shard)!,
          ];
          const isAhead = a.grants <= b.grants && a.promotions <= b.promotions;
          const query = { from: earlier.cut, to: cut, limit: 2 };
          if (!isAhead) {
            await expect(statement(pool, merchant, query)).rejects.toThrow(
              'ends before it begins',
            );
            continue;
          }
          const lines: StatementLine[] = [];
          let after: StatementCursor | null = null;
          let page;
          do {
            page = await statement(pool, merchant, { ...query, after });
            lines.push(...page.lines);
            after = page.next;
          } while (after);
          expect(asMap(page.opening)).toEqual(
            balancesOf(earlier.counted, shard, merchantId),
          );
          expect(asMap(page.closing)).toEqual(
            balancesOf(counted, shard, merchantId),
          );
          expect(
            lines.map(({ entryId: id, line, balance }) => [id, line, balance]),
          ).toEqual(linesOf(counted, earlier.counted, shard, merchantId));
        }
    }));

  it('takes an instant at, before, between and behind commits', async () => {
    const shard = UNTOUCHED;
    const living = new LivingShard(ledger.pool, shard);
    const grant = {
      do: 'grant',
      merchant: 0,
      unit: 'CNY',
      amount: 5n,
      days: 1,
    } as const;
    const commit = {
      shard,
      journal: 'grants',
      afterMs: 0,
      steps: [grant],
      seal: false,
    } as const;
    for (const atMs of [0, 10, 10])
      await living.commit({ ...commit, steps: [grant] }, NOW_MS + atMs);
    const amountAt = async (moment: Moment) => {
      const cut = await cutAt(ledger.pool, moment, [shard]);
      const balances = await balancesAsOf(
        ledger.pool,
        { shard, merchantId: 'm1' },
        cut,
      );
      return balances[0]?.amount ?? 0n;
    };
    const at = (ms: number) => ({ recordedAt: new Date(NOW_MS + ms) });
    const before = (ms: number) => ({ recordedBefore: new Date(NOW_MS + ms) });
    expect(await amountAt('beginning')).toBe(0n);
    expect(await amountAt(at(-1))).toBe(0n);
    expect(await amountAt(before(0))).toBe(0n);
    expect(await amountAt(at(0))).toBe(5n);
    expect(await amountAt(at(5))).toBe(5n);
    expect(await amountAt(before(10))).toBe(5n);
    // Two commits of one instant are both of it.
    expect(await amountAt(at(10))).toBe(15n);
    expect(await amountAt(at(999))).toBe(15n);
    expect(await amountAt('now')).toBe(15n);
  });

  it('refuses an instant that has not come', async () => {
    const recordedAt = new Date(Date.now() + 3_600_000);
    await expect(cutAt(ledger.pool, { recordedAt }, [0])).rejects.toThrow(
      / is in the future: it is /,
    );
  });

  it('refuses a position that is not sealed', async () => {
    const other = await createLedger(inject('postgresUrl'));
    try {
      await expect(cutAt(other.pool, { position: 0 }, [0])).rejects.toThrow(
        'nothing is sealed yet',
      );
      const commits = fc.sample(anyCommits(1), 1)[0]!;
      const state = await SealState.read(other.pool, 64);
      await make(
        other.pool,
        commits.map((commit) => ({ ...commit, seal: true })),
        0,
        state,
      );
      const { size } = state.end;
      await expect(cutAt(other.pool, { position: size }, [0])).rejects.toThrow(
        `position ${size} is not sealed: positions go from 0 to ${size - 1}`,
      );
      expect(await readShards(other.pool)).toHaveLength(64);
    } finally {
      await other.close();
    }
  });

  interface Check {
    pool: Pool;
    shards: number[];
    all: PlacedEntry[];
    moment: Moment;
    cut: Cut;
    counted: PlacedEntry[];
    random: () => number;
  }

  /** Makes commits in shards of their own, and checks moments of all kinds, under the role of each reader. */
  async function check(
    property: (check: Check) => Promise<void>,
  ): Promise<void> {
    await fc.assert(
      fc.asyncProperty(
        anyCommits(SHARDS_EACH),
        fc.infiniteStream(
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        ),
        async (commits, numbers) => {
          const first = nextShard;
          nextShard = (nextShard + SHARDS_EACH) % UNTOUCHED;
          const shards = [first, first + 1];
          await make(ledger.pool, commits, first, sealed);
          const all = await placedEntries(ledger.pool, shards);
          const random = () => numbers.next().value as number;
          for (const pool of readers)
            for (let i = 0; i < 3; i += 1)
              await property({
                pool,
                shards,
                all,
                random,
                ...(await randomMoment(pool, shards, random, all)),
              });
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  }
});

/** An entry, and where it is sealed: null where it is not. */
interface PlacedEntry extends Entry {
  position: number | null;
}

async function make(
  pool: Pool,
  commits: readonly PlannedCommit[],
  firstShard: number,
  sealed: SealState,
): Promise<void> {
  const living = new Map<number, LivingShard>();
  let nowMs = NOW_MS;
  for (const commit of commits) {
    const shard = firstShard + commit.shard;
    const known = living.get(shard) ?? new LivingShard(pool, shard);
    living.set(shard, known);
    nowMs += commit.afterMs;
    await known.commit(commit, nowMs);
    if (commit.seal) await writeBlock(pool, sealed, nowMs);
  }
}

async function placedEntries(
  pool: Pool,
  shards: number[],
): Promise<PlacedEntry[]> {
  const { rows } = await pool.query<{ entry_id: string; position: bigint }>(
    'SELECT entry_id, position FROM audit.entry_position WHERE shard = ANY ($1)',
    [shards],
  );
  const positions = new Map(
    rows.map(({ entry_id: id, position }) => [id, Number(position)]),
  );
  const placed: PlacedEntry[] = [];
  for (const shard of shards)
    for (const journal of JOURNALS)
      for (const entry of await readEntries(pool, journal, shard, 1n, 10_000))
        placed.push({ ...entry, position: positions.get(idOf(entry)) ?? null });
  return placed;
}

/** A moment of any kind, where the ledger is cut then, and the entries that had been recorded. */
async function randomMoment(
  pool: Pool,
  shards: number[],
  random: () => number,
  all: readonly PlacedEntry[],
): Promise<{ moment: Moment; cut: Cut; counted: PlacedEntry[] }> {
  const one = <T>(items: readonly T[]) =>
    items[Math.floor(random() * items.length)]!;
  const sealed = all.flatMap(({ position }) => position ?? []);
  const instant = new Date(one(all).recordedAtMs + one([-1, 0, 0, 1]));
  const moment = one<Moment>([
    'beginning',
    'now',
    { recordedAt: instant },
    { recordedAt: instant },
    { recordedBefore: instant },
    ...(sealed.length > 0
      ? [1, 2, 3].map(() => ({ position: one(sealed) }))
      : []),
  ]);
  return {
    moment,
    cut: await cutAt(pool, moment, shards),
    counted: all.filter((entry) => isCounted(entry, moment)),
  };
}

function isCounted(
  { recordedAtMs, position }: PlacedEntry,
  moment: Moment,
): boolean {
  if (moment === 'now') return true;
  if (moment === 'beginning') return false;
  if ('position' in moment)
    return position !== null && position <= moment.position;
  return 'recordedAt' in moment
    ? recordedAtMs <= moment.recordedAt.getTime()
    : recordedAtMs < moment.recordedBefore.getTime();
}

function balancesOf(
  entries: readonly PlacedEntry[],
  shard: number,
  merchantId: string,
): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const entry of entries)
    if (entry.shard === shard && entry.merchantId === merchantId)
      for (const { account, unit, amount } of entry.postings)
        if (isOwn(account)) add(sums, `${account} ${unit}`, amount);
  return sums;
}

/** Each lot as a line of text, by its id; what is told of it apart from its order. */
function lotsOf(
  entries: readonly PlacedEntry[],
  shard: number,
  merchantId: string,
): string[] {
  const lots = new Map<string, Record<string, bigint>>();
  const own = entries.filter(
    (entry) => entry.shard === shard && entry.merchantId === merchantId,
  );
  for (const entry of own)
    if (entry.kind === 'grant')
      lots.set(idOf(entry), {
        granted: entry.postings[1]!.amount,
        available: 0n,
        reserved: 0n,
        'spent:live': 0n,
        'expired:ladder': 0n,
      });
  for (const { postings } of own)
    for (const { account, amount, lotId } of postings) {
      const parts = lots.get(lotId!)!;
      if (account in parts) parts[account] = parts[account]! + amount;
    }
  const lines = Array.from(
    lots,
    ([id, parts]) => `${id} ${Object.values(parts).join(' ')}`,
  );
  return lines.sort();
}

function told(lot: LotAsOf): string {
  const { lotId, granted, available, reserved, spent, expired } = lot;
  expect(leftOf(lot) + spent + expired).toBe(granted);
  return [lotId, granted, available, reserved, spent, expired].join(' ');
}

function linesOf(
  entries: readonly PlacedEntry[],
  earlier: readonly PlacedEntry[],
  shard: number,
  merchantId: string,
): [string, number, bigint][] {
  const balances = balancesOf(earlier, shard, merchantId);
  const own = entries.filter(
    (entry) =>
      entry.shard === shard &&
      entry.merchantId === merchantId &&
      !earlier.includes(entry),
  );
  own.sort(
    (a, b) =>
      a.recordedAtMs - b.recordedAtMs ||
      JOURNALS.indexOf(a.journal) - JOURNALS.indexOf(b.journal) ||
      Number(a.sequence - b.sequence),
  );
  return own.flatMap((entry) =>
    entry.postings.flatMap(
      ({ account, unit, amount }, line): [string, number, bigint][] => {
        if (!isOwn(account)) return [];
        return [
          [idOf(entry), line, add(balances, `${account} ${unit}`, amount)],
        ];
      },
    ),
  );
}

function isOwn(account: string): boolean {
  return MERCHANT_ACCOUNT_CLASSES.some((own) => own === account);
}

function idOf({
  journal,
  shard,
  sequence,
}: Pick<Entry, 'journal' | 'shard' | 'sequence'>): string {
  return entryId(journal, shard, sequence);
}

function asMap(
  lines: readonly { account: string; unit: string; amount: bigint }[],
): Map<string, bigint> {
  return new Map(
    lines.map(({ account, unit, amount }) => [`${account} ${unit}`, amount]),
  );
}

function add(sums: Map<string, bigint>, key: string, amount: bigint): bigint {
  const sum = (sums.get(key) ?? 0n) + amount;
  sums.set(key, sum);
  return sum;
}

function byExpiry(a: LotAsOf, b: LotAsOf): number {
  return (
    a.expiresAt.getTime() - b.expiresAt.getTime() ||
    (a.lotId < b.lotId ? -1 : 1)
  );
}
