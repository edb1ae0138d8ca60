import { inject } from 'vitest';
import { draftIn, grantOf } from '../../test/entries.js';
import { commit, createLedger, type TestLedger } from '../../test/journal.js';
import { createPool, type Pool } from './pool.js';
import { ROLES, type Role } from './roles.js';

const RECORD = [
  'entry',
  'posting',
  'lot',
  'journal_batch',
  'entry_event',
  'shard_balance_at',
  'api_change',
  'api_answer',
  'program_version',
  'program_change',
];
/** What the granter remembers, and what it may do to it. */
const WRITTEN_BY_GRANTER: Record<string, string[]> = {
  activity: ['INSERT'],
  goal_start: ['INSERT'],
  merchant_facts: ['INSERT', 'UPDATE'],
  progress: ['INSERT', 'UPDATE', 'DELETE'],
  // By its owner's function alone.
  activity_kept: [],
};
const CHANGES = {
  UPDATE: (table: string) =>
    `UPDATE ${table} SET ${table.startsWith('program_') ? 'program = program' : 'shard = shard'}`,
  DELETE: (table: string) => `DELETE FROM ${table}`,
  TRUNCATE: (table: string) => `TRUNCATE ${table}`,
};

describe('the role', () => {
  let ledger: TestLedger;
  const pools = new Map<Role, Pool>();

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    await commit(ledger.pool, { journal: 'grants', shard: 1 }, [grantOf(5n)]);
  });
  afterAll(async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await ledger.close();
  });

  describe.each(Object.values(ROLES))('%s', (role) => {
    it.each(
      RECORD.flatMap((table) =>
        Object.entries(CHANGES).map(
          ([operation, statement]) =>
            [operation, table, statement(table)] as const,
        ),
      ),
    )('has no right to %s %s', async (_operation, table, statement) => {
      await expect(as(role).query(statement)).rejects.toThrow(
        `permission denied for table ${table}`,
      );
    });

    it('can make nothing, and turn no trigger off', async () => {
      const pool = as(role);
      await expect(
        pool.query('CREATE TABLE public.mine (id int)'),
      ).rejects.toThrow('permission denied for schema public');
      await expect(
        pool.query('ALTER TABLE entry DISABLE TRIGGER append_only'),
      ).rejects.toThrow('must be owner of table entry');
    });
  });

  it.each([ROLES.granter, ROLES.promoter])(
    '%s appends to a journal',
    async (role) => {
      const journal = role === ROLES.granter ? 'grants' : 'promotions';
      const committed = await commit(as(role), { journal, shard: 2 }, [
        draftIn(journal),
      ]);
      expect(committed?.head.tip.sequence).toBe(1n);
    },
  );

  it(`${ROLES.promoter} draws on no budget`, async () => {
    await expect(
      commit(as(ROLES.promoter), { journal: 'promotions', shard: 6 }, [
        grantOf(7n),
      ]),
    ).rejects.toThrow('row-level security policy for table "posting"');
  });

  it.each([
    [ROLES.granter, 'promotions'],
    [ROLES.promoter, 'grants'],
  ] as const)('%s cannot write the %s journal', async (role, journal) => {
    await commit(ledger.pool, { journal, shard: 3 }, [draftIn(journal)]);
    for (const shard of [3, 4])
      await expect(
        commit(as(role), { journal, shard }, [draftIn(journal)]).then(
          (committed) => committed ?? Promise.reject(new Error('head')),
        ),
      ).rejects.toThrow(/row-level security policy|head/);
    for (const table of ['shard_head', 'merchant_balance', 'shard_balance']) {
      const { rowCount } = await as(role).query(
        `UPDATE ${table} SET shard = shard WHERE journal = '${journal}'`,
      );
      expect(rowCount).toBe(0);
    }
  });

  it.each([ROLES.api, ROLES.auditor])('%s appends nothing', async (role) => {
    await expect(
      as(role).query('INSERT INTO journal_batch DEFAULT VALUES'),
    ).rejects.toThrow('permission denied for table journal_batch');
  });

  it('publishes in the name of a change, where it is the api, and of none, where it is the granter', async () => {
    const change = (sequence: number, what: string, changeId: string | null) =>
      `INSERT INTO program_change (sequence, change, program, made_by, change_id)
       VALUES (${sequence}, '${what}', 'ladder', 'alice', ${changeId ?? 'NULL'})`;
    const id = 'gen_random_uuid()';
    await expect(
      as(ROLES.api).query(change(1, 'paused', id)),
    ).resolves.toBeDefined();
    for (const [role, what, changeId] of [
      [ROLES.api, 'resumed', null],
      [ROLES.granter, 'resumed', null],
      [ROLES.granter, 'resumed', id],
    ] as const)
      await expect(as(role).query(change(2, what, changeId))).rejects.toThrow(
        'row-level security policy',
      );
    for (const role of [
      ROLES.promoter,
      ROLES.sealer,
      ROLES.adjuster,
      ROLES.auditor,
    ])
      await expect(as(role).query(change(2, 'resumed', id))).rejects.toThrow(
        'permission denied for table program_change',
      );
  });

  it('leaves no gap in the changes of programs, which tell when they were recorded', async () => {
    const change = (sequence: number) =>
      as(ROLES.api).query(
        `INSERT INTO program_change (sequence, change, program, made_by, change_id, recorded_at)
         VALUES ($1, 'paused', 'ladder', 'alice', gen_random_uuid(), '2001-01-01T00:00:00Z') RETURNING recorded_at`,
        [sequence],
      );
    await expect(change(9)).rejects.toThrow(
      'change 9 of programs does not follow',
    );
    await expect(change(0)).rejects.toThrow(
      'change 0 of programs does not follow',
    );
    const { rows } = await ledger.pool.query<{ next: bigint }>(
      'SELECT coalesce(max(sequence), 0) + 1 AS next FROM program_change',
    );
    const { rows: made } = await change(Number(rows[0]!.next));
    expect(
      (made[0] as { recorded_at: Date }).recorded_at.getTime(),
    ).toBeGreaterThan(Date.now() - 60_000);
    await expect(change(Number(rows[0]!.next))).rejects.toThrow(
      'program_change_pkey',
    );
  });

  it(`${ROLES.promoter} makes no lots, and ${ROLES.granter} uses none`, async () => {
    await expect(
      as(ROLES.promoter).query('INSERT INTO lot DEFAULT VALUES'),
    ).rejects.toThrow('permission denied for table lot');
    await expect(
      as(ROLES.granter).query('INSERT INTO lot_use DEFAULT VALUES'),
    ).rejects.toThrow('permission denied for table lot_use');
  });

  it.each(
    Object.keys(WRITTEN_BY_GRANTER).flatMap((table) =>
      Object.values(ROLES).map((role) => [role, table] as const),
    ),
  )(
    '%s writes %s where it is the granter, and only then',
    async (role, table) => {
      const { rows } = await ledger.pool.query<{ right: string }>(
        `SELECT privilege AS right FROM unnest(ARRAY ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
       WHERE has_table_privilege($1, $2, privilege)`,
        [role, table],
      );
      expect(rows.map(({ right }) => right)).toEqual(
        role === ROLES.granter ? WRITTEN_BY_GRANTER[table] : [],
      );
    },
  );

  it.each(Object.values(ROLES))(
    '%s says from when on activity is kept where it is the granter, and only then',
    async (role) => {
      const said = as(role).query(`SELECT keep_activity_from('2020-01-01')`);
      if (role === ROLES.granter) await said;
      else await expect(said).rejects.toThrow('permission denied for function');
      const read = as(role).query('SELECT kept_from FROM activity_kept');
      if (role === ROLES.granter || role === ROLES.api) await read;
      else await expect(read).rejects.toThrow('permission denied for table');
    },
  );

  it(`${ROLES.auditor} reads the views of audit, and nothing else`, async () => {
    const pool = as(ROLES.auditor);
    const { rows: entries } = await pool.query(
      `SELECT entry_id, kind FROM audit.entry WHERE shard = 1`,
    );
    expect(entries).toEqual([{ entry_id: 'grants-1-1', kind: 'grant' }]);
    const { rows: sums } = await pool.query(
      `SELECT unit, sum(balance) FROM audit.trial_balance GROUP BY unit`,
    );
    expect(sums).toEqual([{ unit: 'ANY_IMP', sum: 0n }]);
    for (const view of [
      'posting',
      'lot',
      'merchant_balance',
      'shard_head',
      'batch',
      'activity_kept',
    ])
      await pool.query(`SELECT * FROM audit.${view}`);
    await expect(pool.query('SELECT * FROM entry')).rejects.toThrow(
      'permission denied for table entry',
    );
  });

  function as(role: Role): Pool {
    const options = { applicationName: 'test', maxConnections: 1, role };
    const pool = pools.get(role) ?? createPool(ledger.url, options);
    pools.set(role, pool);
    return pool;
  }
});
