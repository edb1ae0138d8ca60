import { inject } from 'vitest';
import { leaseDraft, leasedAccount, move, type EntryDraft } from '@app/ledger';
import {
  createPool,
  lendSlice,
  readEntries,
  rebuildDerivedTables,
  ROLES,
  verifyLedger,
  type Pool,
} from '@app/ledger/postgres';
import {
  homesAmong,
  programHash,
  ProgramSet,
  UNUSED_MS,
  type Program,
} from '@app/programs';
import {
  commit,
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { tamper } from '../../../libs/ledger/test/tamper.js';
import { paid, timeMs } from '../../../libs/programs/test/activity.js';
import { smallProgram } from '../../../libs/programs/test/programs.js';
import { fixedPrograms } from '../test/fixed-programs.js';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../test/granter-by-hand.js';
import { PoolLeases } from './pool-leases.js';

const SHARDS = 64;
const ALL = Array.from({ length: SHARDS }, (_, shard) => shard);
const HOME = homesAmong(SHARDS)('small', 'ANY_IMP');
const [ONE, OTHER] = ALL.filter((shard) => shard !== HOME) as [number, number];
const NOON = '2024-11-11T12:00:00';
const DAY_MS = 86_400_000;

/** A granter of one shard, each of whose orders is the first of a merchant and earns 100. */
class Granter {
  readonly leases: PoolLeases;
  readonly #granter: GranterByHand;
  readonly #log: ActivityLog;
  #orders = 0;

  constructor(
    pool: Pool,
    readonly shard: number,
    program: Program,
    readonly clock: SetClock,
    log = new ActivityLog(shard),
  ) {
    const set = new ProgramSet([program]);
    this.#log = log;
    this.leases = new PoolLeases(pool, fixedPrograms(set), SHARDS);
    this.#granter = new GranterByHand(pool, shard, set, clock, this.leases);
  }

  /** So many orders in one batch. */
  earn(count: number): Promise<void> {
    const orders = Array.from({ length: count }, () => {
      const name = `${this.shard}-${(this.#orders += 1)}`;
      return paid(`order ${name}`, NOON, 1, { merchantId: `merchant ${name}` });
    });
    return this.#granter.take(this.#log.add(orders));
  }

  /** As the timer does. */
  async flowBack(): Promise<void> {
    const nowMs = this.clock.atMs;
    const unused = await this.leases.findUnused([this.shard], nowMs);
    if (unused.length > 0) await this.#granter.tick();
    await this.leases.bringHome([this.shard], nowMs);
  }
}

describe('a pool that is leased', () => {
  let ledger: TestLedger;
  let pool: Pool;
  let clock: SetClock;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    pool = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 8,
      role: ROLES.granter,
    });
    clock = new SetClock(timeMs(NOON));
  });
  afterEach(async () => {
    expect(await findings()).toEqual([]);
    const rebuilt = await rebuildDerivedTables(ledger.pool, { write: false });
    for (const table of rebuilt)
      expect(table).toMatchObject({ unfounded: 0n, missing: 0n });
    await pool.end();
    await ledger.close();
  });

  it('is drained to the last unit by granters that race for it; then they say that it is dry', async () => {
    const program = smallProgram({ pools: { ANY_IMP: 2_050 } });
    const granters = [ONE, OTHER, HOME].map((shard) =>
      granterOf(shard, program),
    );
    for (let round = 0; round < 3; round++)
      await Promise.all(granters.map((granter) => granter.earn(4)));
    expect(await granted()).toBe(2_050n);
    expect(await balances()).toMatchObject({
      issuance: -2_050n,
      'pool:small': 0n,
    });
    const cut = (await grants()).filter((cause) => cause.poolRanDry);
    expect(cut).toMatchObject([{ promised: 100 }]);
    // 36 earned 100 each.
    expect(await grants()).toHaveLength(21);
  });

  it('is issued once, whole and at home, by whoever is first to need it', async () => {
    const program = smallProgram({ pools: { ANY_IMP: 1_000_000 } });
    await Promise.all([
      granterOf(ONE, program).earn(1),
      granterOf(OTHER, program).earn(1),
      granterOf(HOME, program).earn(1),
    ]);
    await granterOf(HOME, program).earn(1);
    const { rows } = await ledger.pool.query(
      `SELECT shard, cause ->> 'unit' AS unit FROM entry WHERE kind = 'budget'`,
    );
    expect(rows).toEqual([{ shard: HOME, unit: 'ANY_IMP' }]);
    expect(await balances()).toMatchObject({ issuance: -1_000_000n });
  });

  it('is lent in slices, ahead of need', async () => {
    const program = smallProgram({ pools: { ANY_IMP: 1_000_000 } });
    const granter = granterOf(ONE, program);
    await granter.earn(1);
    // The 128th part of it.
    expect(await slice(ONE)).toBe(7_812n - 100n);
    const [lent] = (await entries(HOME)).slice(-1);
    expect(lent).toMatchObject({
      kind: 'lease',
      cause: { step: 'lend', toShard: ONE, left: 1_000_000, needed: 100 },
    });
    await granter.earn(40);
    expect(await slice(ONE)).toBe(7_812n - 4_100n);
    await granter.earn(1);
    expect(await slice(ONE)).toBe(7_812n + 7_751n - 4_200n);
    const [again] = (await entries(HOME)).slice(-1);
    expect(again!.cause).not.toHaveProperty('needed');
  });

  it('takes what was lent to it by a process that died, and nothing twice', async () => {
    const program = smallProgram({ pools: { ANY_IMP: 1_000 } });
    await granterOf(HOME, program).earn(1);
    await lend(900n);
    expect(await balances()).toMatchObject({
      'pool:small': 0n,
      [leased(HOME, ONE)]: 900n,
    });
    await granterOf(OTHER, program).earn(1);
    expect(await grants()).toHaveLength(1);
    const log = new ActivityLog(ONE);
    await granterOf(ONE, program, log).earn(2);
    expect(await balances()).toMatchObject({
      'pool:small': 700n,
      [leased(HOME, ONE)]: 0n,
    });
    await granterOf(ONE, program, log).earn(0);
    expect(await granted()).toBe(300n);
  });

  it('flows back where it is not drawn on while the home is dry, and is granted elsewhere', async () => {
    const program = smallProgram({ pools: { ANY_IMP: 1_000 } });
    const [one, other] = [granterOf(ONE, program), granterOf(OTHER, program)];
    await other.earn(1);
    await lend(900n);
    await one.earn(1);
    await other.earn(1);
    expect(await granted()).toBe(200n);
    await one.flowBack();
    clock.atMs += UNUSED_MS - 1;
    await one.flowBack();
    expect(await slice(HOME)).toBe(0n);
    clock.atMs += 1;
    await one.flowBack();
    expect(await slice(HOME)).toBe(800n);
    expect((await entries(ONE)).at(-1)).toMatchObject({
      cause: { step: 'return', because: 'unused', toShard: HOME },
    });
    await other.earn(9);
    expect(await granted()).toBe(1_000n);
  });

  it.each([
    ['another shard', OTHER],
    ['its home', HOME],
  ])(
    'is brought home by %s, which needs it, where it was returned by a process that died',
    async (_, shard) => {
      const program = smallProgram({ pools: { ANY_IMP: 1_000 } });
      const home = granterOf(HOME, program);
      await home.earn(1);
      await lend(900n);
      await granterOf(ONE, program).earn(1);
      const passage = {
        program: 'small',
        unit: 'ANY_IMP',
        fromShard: ONE,
        toShard: HOME,
      } as const;
      await commit(ledger.pool, { journal: 'grants', shard: ONE }, [
        leaseDraft('return', { passage, amount: 800n }, clock.atMs),
      ]);
      await (shard === HOME ? home : granterOf(shard, program)).earn(5);
      expect(await granted()).toBe(700n);
      expect(await balances()).toMatchObject({
        [leased(ONE, HOME)]: 0n,
        'pool:small': 300n,
      });
    },
  );

  it('flows back when its program is over, and is borrowed again for what comes later', async () => {
    const program = smallProgram({
      pools: { ANY_IMP: 1_000_000 },
      window: {
        from: '2024-11-01T00:00:00+08:00',
        until: '2024-12-01T00:00:00+08:00',
      },
    });
    const one = granterOf(ONE, program);
    await one.earn(1);
    clock.atMs += 30 * DAY_MS;
    await one.flowBack();
    clock.atMs += UNUSED_MS;
    await one.flowBack();
    expect(await slice(ONE)).toBe(0n);
    expect(await slice(HOME)).toBe(999_900n);
    expect((await entries(ONE)).at(-1)).toMatchObject({
      cause: { step: 'return', because: 'over' },
    });
    await one.earn(1);
    expect(await granted()).toBe(200n);
  });

  describe('that was divided evenly before', () => {
    const program = smallProgram({ pools: { ANY_IMP: 6_430 } });

    it('stays where it is, is granted there, and is lent by its home', async () => {
      for (const shard of ALL)
        await divide(program, shard, shard < 30 ? 101n : 100n);
      const one = granterOf(ONE, program);
      await one.earn(2);
      expect(await granted()).toBe(200n);
      expect(await slice(ONE)).toBe(0n);
      expect(await slice(HOME)).toBeLessThan(100n);
      expect(await balances()).toMatchObject({ issuance: -6_430n });
      const other = granterOf(OTHER, program);
      await other.flowBack();
      clock.atMs += UNUSED_MS;
      await one.earn(1);
      expect(await slice(HOME)).toBe(0n);
      await other.flowBack();
      expect(await slice(OTHER)).toBe(0n);
      expect(await slice(HOME)).toBeGreaterThan(0n);
    });

    it('in a part of the shards alone gets the rest of it at home', async () => {
      for (const shard of ALL.slice(0, 30)) await divide(program, shard, 101n);
      await granterOf(HOME, program).earn(1);
      expect(await balances()).toMatchObject({ issuance: -6_430n });
    });
  });

  it('is issued in no other way, and goes over no passage backwards', async () => {
    const program = smallProgram();
    await expect(
      commit(pool, { journal: 'grants', shard: ONE }, [even(program, 5n)]),
    ).rejects.toThrow('row-level security policy');
    await granterOf(ONE, program).earn(1);
    const passage = {
      program: 'small',
      unit: 'ANY_IMP',
      fromShard: HOME,
      toShard: ONE,
    } as const;
    const slices = { passage, amount: 1n };
    // It would be sent by the shard where it arrives.
    await expect(
      commit(ledger.pool, { journal: 'grants', shard: ONE }, [
        leaseDraft('lend', slices, 0),
      ]),
    ).rejects.toThrow('leased_with_cause');
    const { postings } = leaseDraft('borrow', slices, 0);
    await expect(
      commit(ledger.pool, { journal: 'grants', shard: HOME }, [
        { ...leaseDraft('lend', slices, 0), postings },
      ]),
    ).rejects.toThrow('leased_one_way');
    const { rows } = await ledger.pool.query<{ cause: object }>(
      `SELECT cause FROM entry WHERE kind = 'budget'`,
    );
    await expect(
      commit(ledger.pool, { journal: 'grants', shard: HOME }, [
        { ...even(program, 5n), cause: rows[0]!.cause as EntryDraft['cause'] },
      ]),
    ).rejects.toThrow('entry_of_issue');
  });

  it('of which more was taken than sent is found', async () => {
    await granterOf(ONE, smallProgram()).earn(1);
    const account = leased(HOME, ONE);
    const change = (sign: string) =>
      tamper(
        ledger.pool,
        `UPDATE shard_balance SET amount = amount ${sign} 1 WHERE shard = ${HOME} AND account = '${account}'`,
      );
    await change('-');
    expect(await findings()).toContain(
      `${account} in grants-${ONE}: 100 ANY_IMP were taken, but 99 were sent`,
    );
    await change('+');
  });

  function granterOf(shard: number, program: Program, log?: ActivityLog) {
    return new Granter(pool, shard, program, clock, log);
  }

  /** As a process does that dies before it borrows. */
  function lend(amount: bigint) {
    return lendSlice(pool, {
      passage: {
        program: 'small',
        unit: 'ANY_IMP',
        fromShard: HOME,
        toShard: ONE,
      },
      needed: amount,
      shardCount: SHARDS,
      amountOf: (left) => (amount < left ? amount : left),
      issues: () => Promise.resolve([]),
      nowMs: clock.atMs,
    });
  }

  function divide(program: Program, shard: number, amount: bigint) {
    return commit(ledger.pool, { journal: 'grants', shard }, [
      even(program, amount),
    ]);
  }

  async function slice(shard: number): Promise<bigint> {
    const { rows } = await ledger.pool.query<{ amount: bigint }>(
      `SELECT amount FROM shard_balance WHERE shard = $1 AND account = 'pool:small'`,
      [shard],
    );
    return rows[0]?.amount ?? 0n;
  }

  async function balances(): Promise<Record<string, bigint>> {
    const { rows } = await ledger.pool.query<{
      account: string;
      balance: bigint;
    }>('SELECT account, balance FROM audit.trial_balance');
    return Object.fromEntries(
      rows.map(({ account, balance }) => [account, balance]),
    );
  }

  async function granted(): Promise<bigint> {
    return (await balances()).available ?? 0n;
  }

  async function grants() {
    const { rows } = await ledger.pool.query<{
      cause: { promised: number; poolRanDry: boolean };
    }>(`SELECT cause FROM entry WHERE kind = 'grant'`);
    return rows.map(({ cause }) => cause);
  }

  function entries(shard: number) {
    return readEntries(ledger.pool, 'grants', shard, 1n, 1_000);
  }

  async function findings(): Promise<string[]> {
    const found: string[] = [];
    await verifyLedger(ledger.pool, {
      shards: ALL,
      onFinding: ({ problem }) => found.push(problem),
    });
    return found;
  }
});

function leased(fromShard: number, toShard: number): string {
  return leasedAccount({ program: 'small', fromShard, toShard });
}

/** A budget as it was before they had a home. */
function even(program: Program, amount: bigint): EntryDraft {
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: 0,
    postings: move('ANY_IMP', amount, 'issuance', `pool:${program.program}`),
    cause: {
      type: 'program_published',
      program: program.program,
      version: program.version,
      programHash: programHash(program),
    },
  };
}
