import { inject } from 'vitest';
import { shardOf, type ActivityEvent } from '@app/contracts';
import { createPool, Quarters, ROLES, type Pool } from '@app/ledger/postgres';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../../../../apps/granter/test/granter-by-hand.js';
import { createLedger, type TestLedger } from '../../../ledger/test/journal.js';
import { paid, timeMs } from '../../test/activity.js';
import { parseProgram } from '../file/program-file.js';
import { ProgramSet } from '../published/program-set.js';
import { forgetActivity, planForgetting } from './forget-activity.js';

const NOW_MS = Date.now();
const SHARD = shardOf('m1', 64);
/** Far enough back that it may be forgotten; the other is kept. */
const OLD = '2023-02-01T12:00';
const KEPT = '2023-05-01T12:00';
const BOUNDARY_MS = timeMs('2023-04-01T12:00');

function set(graceHours: string): ProgramSet {
  return new ProgramSet([
    parseProgram(
      `
program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000 }
takeBack: { flags: difference }
${graceHours}
goals:
  - goal: orders
    metric: orders
    period: day
    tiers: [{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 100, expiresAfterDays: 7 }] }]
`,
      'daily.yaml',
    ),
  ]);
}

const GRACE = set('graceHours: 24');

describe('forgetting activity', () => {
  let ledger: TestLedger;
  let granters: Pool;
  let clock: SetClock;
  let log: ActivityLog;
  let granter: GranterByHand;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    granters = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 4,
      role: ROLES.granter,
    });
    clock = new SetClock(timeMs(OLD));
    log = new ActivityLog(SHARD);
    granter = new GranterByHand(granters, SHARD, GRACE, clock);
    await take(paid('old', OLD, 1));
    await take(paid('kept', KEPT, 1));
  });
  afterEach(async () => {
    await granters.end();
    await ledger.close();
  });

  async function take(event: ActivityEvent): Promise<void> {
    clock.atMs = Math.max(clock.atMs, event.occurredAtMs);
    await granter.take(log.add([event]));
  }

  const plan = (programs = GRACE, beforeMs = BOUNDARY_MS) =>
    planForgetting(granters, programs, beforeMs, NOW_MS);

  async function count(table: string): Promise<number> {
    const { rows } = await ledger.pool.query<{ count: bigint }>(
      `SELECT count(*) FROM ${table}`,
    );
    return Number(rows[0]!.count);
  }

  const grants = () => count(`entry WHERE kind IN ('grant', 'clawback')`);

  it('drops whole quarters, and what goals stood at then', async () => {
    const found = await plan();
    expect(found.quarters.map(({ name }) => name)).toEqual(['activity_2023q1']);
    expect(await count('activity')).toBe(2);
    await forgetActivity(granters, found);
    expect(await count('activity')).toBe(1);
    expect(await count('progress')).toBe(1);
    expect((await plan()).quarters).toEqual([]);
    expect(await grants()).toBe(2);
  });

  it('is not undone by what comes late or once more, nor does a flag take back what is forgotten', async () => {
    await forgetActivity(granters, await plan());
    await take(paid('old', OLD, 1));
    await take({
      source: '/risk',
      id: 'flag',
      type: 'risk.flagged',
      merchantId: 'm1',
      occurredAtMs: timeMs('2023-06-01T12:00'),
      data: { target: { kind: 'merchant', id: 'm1' }, reason: 'late' },
    });
    expect(await grants()).toBe(2);
    expect(await count('activity')).toBe(3);
  });

  it('is refused while a program may still count it', async () => {
    const found = await plan(set(''));
    expect(found.stillCounting).toMatchObject([
      { program: 'daily', goal: 'orders', closesAtMs: Infinity },
    ]);
    await expect(forgetActivity(granters, found)).rejects.toThrow(
      'what still counts is not forgotten',
    );
    expect(await count('activity')).toBe(2);
  });

  it('is refused for the last 400 days, by the database too', async () => {
    await expect(plan(GRACE, NOW_MS)).rejects.toThrow(RangeError);
    await new Quarters(granters).ensure('activity', [NOW_MS]);
    await expect(
      granters.query(
        `SELECT forget_quarter('activity', date_trunc('quarter', now())::date)`,
      ),
    ).rejects.toThrow('it ended less than 400 days ago');
    await expect(
      granters.query(`SELECT forget_quarter('entry', '2020-01-01')`),
    ).rejects.toThrow('there is no quarter of entry');
  });
});
