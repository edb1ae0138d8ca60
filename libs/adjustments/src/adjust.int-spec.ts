import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { AdjustmentRefused, MAX_AMOUNT, type Adjustment } from '@app/ledger';
import {
  createPool,
  cutAt,
  ledgerTotals,
  programFundsAsOf,
  readEntries,
  readJournalHead,
  readPublishedPrograms,
  ROLES,
  verifyLedger,
  type Pool,
} from '@app/ledger/postgres';
import { homesAmong } from '@app/programs';
import {
  commit,
  createLedger,
  type TestLedger,
} from '../../ledger/test/journal.js';
import { tamper } from '../../ledger/test/tamper.js';
import { Services } from '../test/finance.js';
import {
  approve,
  listProposals,
  propose,
  readProposal,
  reject,
  type Finance,
} from './index.js';

const SHARDS = 64;
const ALL_SHARDS = Array.from({ length: SHARDS }, (_, shard) => shard);
const MERCHANT = 'm1';
const SHARD = shardOf(MERCHANT, SHARDS);
const HOME = homesAmong(SHARDS)('daily', 'ANY_IMP');
const EXPIRES_MS = Date.parse('2036-01-01T00:00:00Z');

describe('an adjustment', () => {
  let ledger: TestLedger;
  let services: Services;
  let finance: Finance;
  let adjusters: Pool;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    adjusters = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.adjuster,
    });
    services = new Services(ledger.pool, SHARD, SHARDS);
    finance = {
      pool: adjusters,
      shardCount: SHARDS,
      nowMs: () => Date.now(),
    };
  });
  afterEach(async () => {
    expect(await findings()).toEqual([]);
    expect(await totals()).toEqual(await funds());
    await adjusters.end();
    await ledger.close();
  });

  it('gives traffic that the promoter spends like any other', async () => {
    await services.earn('somebody', 0);
    await adjust(give(500n));
    await services.follow();
    await services.goLive(MERCHANT);
    expect(await balances()).toMatchObject({ available: 0n, reserved: 500n });
    await services.deliver(MERCHANT, 200);
    expect(await balances()).toMatchObject({
      reserved: 300n,
      'spent:live': 200n,
    });
  });

  it('takes back what is available, and what is not any more is owed and settled out of later grants', async () => {
    const lotId = await lotWith({ spent: 700 });
    await adjust({
      type: 'take_back',
      merchantId: MERCHANT,
      lotId,
      amount: 1_000n,
    });
    // 300 were reserved, 700 spent: nothing was available.
    expect(await balances()).toMatchObject({
      available: 0n,
      reserved: 300n,
      'clawed_back:daily': 1_000n,
      owed: -1_000n,
    });
    await services.earn(MERCHANT, 1);
    expect(await balances()).toMatchObject({ available: 0n, owed: 0n });
    const [grant] = await lastEntries('grants', 2);
    expect(grant).toMatchObject({
      kind: 'grant',
      cause: { keptBack: 1_000, promised: 1_000 },
      postings: [
        { account: 'pool:daily', amount: -1_000n, lotId: null },
        { account: 'owed', amount: 1_000n, lotId: null },
      ],
    });
    await services.earn(MERCHANT, 2);
    await services.follow();
    expect(await balances()).toMatchObject({ available: 1_000n, owed: 0n });
    expect(await lots()).toHaveLength(2);
  });

  it('settles in order what is owed, within one grant that is larger', async () => {
    const lotId = await lotWith({ spent: 1_000 });
    await adjust({
      type: 'take_back',
      merchantId: MERCHANT,
      lotId,
      amount: 400n,
    });
    await adjust(give(150n));
    expect(await balances()).toMatchObject({ owed: -250n });
    await services.earn(MERCHANT, 1);
    expect(await balances()).toMatchObject({ owed: 0n });
    expect((await lots()).map(({ granted }) => granted)).toEqual([
      1_000n,
      750n,
    ]);
  });

  it('takes from the lot alone what is available there', async () => {
    await services.earn(MERCHANT, 0);
    await services.follow();
    const [lot] = await lots();
    const takeBack = (amount: bigint) => ({
      type: 'take_back' as const,
      merchantId: MERCHANT,
      lotId: lot!.lot_id,
      amount,
    });
    await adjust(takeBack(400n));
    expect(await balances()).toMatchObject({
      available: 600n,
      'clawed_back:daily': 400n,
    });
    await services.goLive(MERCHANT);
    expect(await balances()).toMatchObject({ available: 0n, reserved: 600n });
    await expect(adjust(takeBack(601n))).rejects.toThrow(
      `601 ANY_IMP cannot be taken back from lot ${lot!.lot_id}: of 1000 granted, 0 expired, 400 were taken back already, and 600 are left to take`,
    );
  });

  it('waits for the promoter to know the lot', async () => {
    await services.earn(MERCHANT, 0);
    const [lot] = await lots();
    const change = {
      type: 'take_back' as const,
      merchantId: MERCHANT,
      lotId: lot!.lot_id,
      amount: 1n,
    };
    await expect(adjust(change)).rejects.toThrow(
      'the promoter has not taken lot',
    );
    await services.follow();
    await adjust(change);
  });

  it('gives cash without a lot, and pays it out', async () => {
    await services.earn(MERCHANT, 0);
    await adjust({
      type: 'cash',
      merchantId: MERCHANT,
      program: 'daily',
      amount: 70n,
    });
    expect(await balances('CNY')).toEqual({ payable: 120n });
    await adjust({ type: 'payout', merchantId: MERCHANT, amount: 100n });
    expect(await balances('CNY')).toEqual({ payable: 20n, paid_out: 100n });
    const [payout] = await lastEntries('grants', 1);
    expect(payout).toMatchObject({ kind: 'payout', merchantId: MERCHANT });
    await expect(
      adjust({ type: 'payout', merchantId: MERCHANT, amount: 21n }),
    ).rejects.toThrow('merchant:m1:payable has 20 CNY, less than 21');
    expect((await lots()).map(({ unit }) => unit)).toEqual(['ANY_IMP']);
    await services.follow();
  });

  it('adds to a budget at its home, and cuts it as far as it goes', async () => {
    await services.earn(MERCHANT, 0);
    const before = await pool();
    const { parts } = await adjust(budget(6_400n));
    expect(parts.map(({ proposal: { shard } }) => shard)).toEqual([HOME]);
    expect(await pool()).toBe(before + 6_400n);
    await adjust(budget(-64n), SHARD);
    expect(await pool()).toBe(before + 6_336n);
    // What the home has, and then of the slice that it has lent.
    const atHome = await pool(HOME);
    const cut = await adjust(budget(-atHome - 10n));
    expect(cut.proposalId).toMatch(/^adj-all-/);
    expect(cut.parts).toHaveLength(2);
    expect(await pool(HOME)).toBe(0n);
    expect(await pool()).toBe(before + 6_326n - atHome);
    const all = await pool();
    await adjust(budget(-all - 1n));
    expect(await pool()).toBe(0n);
    const again = await adjust(budget(-64n));
    expect(again.parts.map(({ decided }) => decided?.entryId)).toEqual([null]);
  });

  it('adds no more to a budget than an account holds', async () => {
    await services.earn(MERCHANT, 0);
    const adjustment: Adjustment = {
      type: 'budget',
      program: 'daily',
      unit: 'ANY_IMP',
      amount: MAX_AMOUNT,
    };
    const { proposalId } = await propose(finance, {
      adjustment,
      shard: SHARD,
      reason: 'more',
      by: 'alice',
    });
    await expect(approve(finance, proposalId, 'bob')).rejects.toThrow(
      AdjustmentRefused,
    );
    expect((await readProposal(finance, proposalId)).state).toBe('proposed');
  });

  it('gives more than the slice of a shard, as far as the home can lend it', async () => {
    await services.earn(MERCHANT, 0);
    const slice = await pool(SHARD);
    const all = await pool();
    expect(slice).toBeLessThan(20_000n);
    await adjust(give(20_000n));
    expect(await pool(SHARD)).toBe(0n);
    expect(await pool()).toBe(all - 20_000n);
    await expect(adjust(give(all))).rejects.toThrow(
      `pool:daily has ${all - 20_000n} ANY_IMP, less than ${all}`,
    );
    await adjust(give(all - 20_000n));
    expect(await pool()).toBe(0n);
  });

  it('goes on with an approval that was interrupted, and makes nothing twice', async () => {
    await services.earn(MERCHANT, 0);
    const all = await pool();
    const { proposalId } = await propose(finance, {
      adjustment: budget(-all),
      shard: null,
      reason: 'less',
      by: 'alice',
    });
    let left = 1;
    const failing = {
      ...finance,
      nowMs: () => {
        if (left-- === 0) throw new Error('killed');
        return Date.now();
      },
    };
    await expect(approve(failing, proposalId, 'bob')).rejects.toThrow('killed');
    expect(await pool()).toBeGreaterThan(0n);
    expect(await pool()).toBeLessThan(all);
    await expect(
      reject(finance, proposalId, { by: 'carol', reason: 'too much' }),
    ).rejects.toThrow('was approved in a part of its shards, by bob');
    await approve(finance, proposalId, 'carol');
    expect(await pool()).toBe(0n);
    await expect(approve(finance, proposalId, 'bob')).rejects.toThrow(
      new RegExp(`^${proposalId} was approved by (bob|carol) already`),
    );
  });

  it('takes two identities, and one decision', async () => {
    await services.earn('somebody', 0);
    const { proposalId } = await propose(finance, {
      adjustment: give(5n),
      shard: null,
      reason: 'outage',
      by: 'alice',
    });
    const before = await readJournalHead(ledger.pool, 'grants', SHARD);
    await expect(approve(finance, proposalId, 'alice')).rejects.toThrow(
      'alice cannot approve what alice proposed: it takes another identity',
    );
    await expect(approve(finance, proposalId, 'Alice')).rejects.toThrow(
      '"Alice" is no identity',
    );
    expect(await readJournalHead(ledger.pool, 'grants', SHARD)).toEqual(before);
    const open = { onlyOpen: true, limit: 9 };
    expect(await listProposals(finance, open)).toHaveLength(1);
    await reject(finance, proposalId, { by: 'alice', reason: 'a mistake' });
    expect(await listProposals(finance, open)).toEqual([]);
    await expect(approve(finance, proposalId, 'bob')).rejects.toThrow(
      `${proposalId} was rejected by alice already`,
    );
  });

  it('proposed again with the same digits is the same proposal, whatever the ledger has meanwhile', async () => {
    await services.earn(MERCHANT, 0);
    const request = {
      adjustment: budget(-(await pool(HOME)) - 10n),
      shard: null,
      reason: 'less',
      by: 'alice',
      digits: '0123456789ab',
    };
    const first = await propose(finance, request);
    expect(first.proposalId).toBe('adj-all-0123456789ab');
    await adjust(budget(100n));
    expect(await propose(finance, request)).toEqual(first);
  });

  it('approved by two at once is made once', async () => {
    await services.earn('somebody', 0);
    const { proposalId } = await propose(finance, {
      adjustment: give(5n),
      shard: null,
      reason: 'outage',
      by: 'alice',
    });
    const outcomes = await Promise.allSettled(
      ['bob', 'carol', 'dave'].map((by) => approve(finance, proposalId, by)),
    );
    const made = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(1);
    expect(await balances()).toEqual({ available: 5n });
    const { parts } = await readProposal(finance, proposalId);
    expect(parts[0]?.decided?.decision).toBe('approved');
  });

  it('between the batches of running services loses and doubles nothing', async () => {
    for (let day = 0; day < 6; day++) {
      await services.earn(MERCHANT, day);
      await adjust(give(10n));
      await services.follow();
      if (day === 0) await services.goLive(MERCHANT);
      await services.deliver(MERCHANT, 100);
      const [lot] = (await lots()).slice(-1);
      await adjust({
        type: 'take_back',
        merchantId: MERCHANT,
        lotId: lot!.lot_id,
        amount: 4n,
      });
    }
    await services.follow();
    const heads = await Promise.all(
      (['grants', 'promotions'] as const).map((journal) =>
        readJournalHead(ledger.pool, journal, SHARD),
      ),
    );
    expect(heads[0]!.consumed).toEqual({ 'merchant.activity.v1': 6n });
    expect(heads[1]!.consumed).toEqual({
      grants: heads[0]!.tip.sequence + 1n,
      'merchant.activity.v1': 2n,
      'promotion.delivery.v1': 6n,
    });
    const sums = await balances();
    expect(sums['spent:live']).toBe(600n);
    expect(sums['clawed_back:daily']).toBe(24n);
    const all = Object.values(sums).reduce((sum, amount) => sum + amount, 0n);
    expect(all).toBe(6n * 1_010n);
  });

  it('is refused by the database where the pair is not two, and to its owner too', async () => {
    await services.earn(MERCHANT, 0);
    const { proposalId } = await propose(finance, {
      adjustment: give(5n),
      shard: null,
      reason: 'outage',
      by: 'alice',
    });
    const decide = (by: string) =>
      ledger.pool.query(
        `INSERT INTO adjustment_decision (shard, proposal_id, decision, decided_by, decided_at)
         VALUES ($1, $2, 'approved', $3, now())`,
        [SHARD, proposalId, by],
      );
    await expect(decide('alice')).rejects.toThrow(
      'alice cannot approve what alice proposed',
    );
    const pair = { reason: 'r', proposedBy: 'alice', approvedBy: 'bob' };
    const cause = { type: 'adjusted', proposalId, ...pair } as const;
    await expect(
      insertEntry({ ...cause, approvedBy: 'alice' }),
    ).rejects.toThrow('adjusted_by_two');
    await expect(insertEntry({ type: 'adjusted' })).rejects.toThrow(
      'adjusted_by_two',
    );
    await expect(
      commit(ledger.pool, { journal: 'grants', shard: SHARD }, [
        {
          kind: 'payout',
          merchantId: MERCHANT,
          occurredAtMs: Date.now(),
          postings: [],
          cause: {
            ...cause,
            adjustment: 'payout',
            asked: 5,
            proposedAt: '2024-11-11T00:00:00Z',
            approvedAt: '2024-11-11T00:00:00Z',
          },
        },
      ]),
    ).rejects.toThrow('is an adjustment that nobody has approved');
    for (const table of ['adjustment_proposal', 'adjustment_decision'])
      for (const statement of [
        `UPDATE ${table} SET shard = shard`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ]) {
        await expect(ledger.pool.query(statement)).rejects.toThrow(
          'the ledger is append-only',
        );
        await expect(adjusters.query(statement)).rejects.toThrow(
          `permission denied for table ${table}`,
        );
      }
  });

  it('makes lots that verify, and lots forged beside them do not', async () => {
    await services.earn('somebody', 0);
    await adjust(give(500n));
    await adjust({
      type: 'cash',
      merchantId: MERCHANT,
      program: 'daily',
      amount: 70n,
    });
    expect(await findings()).toEqual([]);
    const [lot] = await lots();
    const forged = `grants-${SHARD}-6`;
    await tamper(
      ledger.pool,
      `UPDATE lot SET granted = 501 WHERE lot_id = '${lot!.lot_id}';
       INSERT INTO lot VALUES (${SHARD}, '${forged}', '${MERCHANT}', 'CNY', 70, now(), 'daily')`,
    );
    expect(await findings()).toEqual([
      expect.stringContaining(`lot ${lot!.lot_id} is 501 ANY_IMP of m1`),
      `lot ${forged} has no entry`,
    ]);
    await tamper(
      ledger.pool,
      `UPDATE lot SET granted = 500 WHERE lot_id = '${lot!.lot_id}'; DELETE FROM lot WHERE lot_id = '${forged}'`,
    );
  });

  it.each([
    [
      'another proposer',
      `adjustment_proposal SET proposed_by = 'carol'`,
      `adjustment_proposal SET proposed_by = 'alice'`,
      /^grants-0-\d adjusts by .+,alice,.+, but what was proposed and approved is .+,carol,/,
    ],
    [
      'another approver',
      `adjustment_decision SET decided_by = 'carol'`,
      `adjustment_decision SET decided_by = 'bob'`,
      /^grants-0-\d adjusts by .+,bob,.+, but what was proposed and approved is .+,carol,/,
    ],
    [
      'another amount than was proposed',
      `adjustment_proposal SET adjustment = jsonb_set(adjustment, '{amount}', '"5"')`,
      `adjustment_proposal SET adjustment = jsonb_set(adjustment, '{amount}', '"500"')`,
      /^grants-0-\d adjusts by \{give,500,.+, but what was proposed and approved is \{give,5,/,
    ],
    [
      'an approval of another entry',
      'adjustment_decision SET sequence = sequence + 100',
      'adjustment_decision SET sequence = sequence - 100',
      /^grants-0-\d is an adjustment that nobody has approved$/,
    ],
  ])(
    'is found not to be what was agreed by %s',
    async (_, forge, mend, problem) => {
      await services.earn('somebody', 0);
      await adjust(give(500n));
      await tamper(ledger.pool, `UPDATE ${forge}`);
      expect(await findings()).toContainEqual(expect.stringMatching(problem));
      await tamper(ledger.pool, `UPDATE ${mend}`);
    },
  );

  it('is all that its role can write', async () => {
    await services.earn(MERCHANT, 0);
    await expect(
      insertEntry({ type: 'x' }, 'grant', adjusters),
    ).rejects.toThrow('row-level security policy');
    await expect(
      adjusters.query(`INSERT INTO activity DEFAULT VALUES`),
    ).rejects.toThrow('permission denied');
    await expect(
      adjusters.query(
        `UPDATE shard_head SET revision = revision + 1, consumed = '{"merchant.activity.v1": 9000}'
         WHERE shard = ${SHARD} AND journal = 'grants'`,
      ),
    ).rejects.toThrow(
      `an adjustment consumes nothing, but the head of grants-${SHARD} would go from `,
    );
    await expect(
      adjusters.query(
        `INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
         VALUES (${SHARD + 1}, 'grants', 1, 0, '', '{"merchant.activity.v1": 9000}', now())`,
      ),
    ).rejects.toThrow('row-level security policy');
  });

  /** Proposed by alice, approved by bob. */
  async function adjust(adjustment: Adjustment, shard: number | null = null) {
    const { proposalId } = await propose(finance, {
      adjustment,
      shard,
      reason: 'a correction',
      by: 'alice',
    });
    return approve(finance, proposalId, 'bob');
  }

  function budget(amount: bigint): Adjustment {
    return { type: 'budget', program: 'daily', unit: 'ANY_IMP', amount };
  }

  function give(amount: bigint): Adjustment {
    return {
      type: 'give',
      merchantId: MERCHANT,
      program: 'daily',
      unit: 'ANY_IMP',
      amount,
      expiresAtMs: EXPIRES_MS,
    };
  }

  /** A lot of 1,000 that is all reserved, and in part spent. */
  async function lotWith({ spent }: { spent: number }): Promise<string> {
    await services.earn(MERCHANT, 0);
    await services.follow();
    await services.goLive(MERCHANT);
    await services.deliver(MERCHANT, spent);
    const [lot] = await lots();
    return lot!.lot_id;
  }

  async function lots() {
    const { rows } = await ledger.pool.query<{
      lot_id: string;
      unit: string;
      granted: bigint;
    }>(
      `SELECT lot_id, unit, granted FROM lot WHERE shard = $1 AND merchant_id = $2
       ORDER BY split_part(lot_id, '-', 3)::bigint`,
      [SHARD, MERCHANT],
    );
    return rows;
  }

  async function balances(unit = 'ANY_IMP'): Promise<Record<string, bigint>> {
    const { rows } = await ledger.pool.query<{
      account: string;
      balance: bigint;
    }>(
      `SELECT account, sum(amount) AS balance FROM merchant_balance
       WHERE shard = $1 AND merchant_id = $2 AND unit = $3 GROUP BY account`,
      [SHARD, MERCHANT, unit],
    );
    return Object.fromEntries(
      rows.map(({ account, balance }) => [account, balance]),
    );
  }

  /** What is left in one shard, or in all. */
  async function pool(shard: number | null = null): Promise<bigint> {
    const { rows } = await ledger.pool.query<{ sum: bigint }>(
      `SELECT sum(amount) FROM shard_balance
       WHERE account = 'pool:daily' AND unit = 'ANY_IMP' AND ($1::smallint IS NULL OR shard = $1)`,
      [shard],
    );
    return rows[0]!.sum;
  }

  async function lastEntries(journal: 'grants' | 'promotions', count: number) {
    const { tip } = await readJournalHead(ledger.pool, journal, SHARD);
    const from = tip.sequence - BigInt(count) + 1n;
    return readEntries(ledger.pool, journal, SHARD, from, count);
  }

  function insertEntry(cause: object, kind = 'adjustment', into = ledger.pool) {
    return into.query(
      `INSERT INTO entry (shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
       VALUES ($1, 'grants', 999, $2, $3, now(), now(), $4, sha256('x'))`,
      [SHARD, kind, MERCHANT, JSON.stringify(cause)],
    );
  }

  /** What was granted and taken back of programs, as their entries sum up. */
  async function totals() {
    const { totals: all } = await ledgerTotals(ledger.pool, {
      from: null,
      to: await cutAt(ledger.pool, 'now', ALL_SHARDS),
      by: ['program'],
      entriesMax: 10_000,
    });
    return all
      .filter(({ granted, clawedBack }) => granted !== 0n || clawedBack !== 0n)
      .map(({ program, unit, granted, clawedBack }) =>
        [program, unit, granted, clawedBack].join(' '),
      )
      .sort();
  }

  /** The same, as the budgets have it and what is left of them. */
  async function funds() {
    const cut = await cutAt(ledger.pool, 'now', ALL_SHARDS);
    const told: string[] = [];
    for (const { program } of await readPublishedPrograms(ledger.pool))
      for (const fund of await programFundsAsOf(ledger.pool, program, cut)) {
        const { unit, granted, clawedBack } = fund;
        if (granted !== 0n || clawedBack !== 0n)
          told.push([program, unit, granted, clawedBack].join(' '));
      }
    return told.sort();
  }

  async function findings(): Promise<string[]> {
    const found: string[] = [];
    await verifyLedger(ledger.pool, {
      shards: ALL_SHARDS,
      onFinding: ({ problem }) => found.push(problem),
    });
    return found;
  }
});
