import { inject } from 'vitest';
import { shardOf, type ActivityEvent } from '@app/contracts';
import {
  createPool,
  Quarters,
  readActivityKeptFromMs,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import { HeadMovedError } from '@app/streaming';
import { granting } from '../../../../apps/granter/src/grant.js';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../../../../apps/granter/test/granter-by-hand.js';
import { createLedger, type TestLedger } from '../../../ledger/test/journal.js';
import {
  endedAfter,
  flagged,
  paid,
  refunded,
  started,
  timeMs,
} from '../../test/activity.js';
import { parseProgram } from '../file/program-file.js';
import { ProgramSet } from '../published/program-set.js';
import { forgetActivity, planForgetting } from './forget-activity.js';

const NOW_MS = Date.now();
const SHARD = shardOf('m1', 64);
/** Far enough back that it may be forgotten; the other is kept. */
const OLD = '2023-02-01T12:00';
const KEPT = '2023-05-01T12:00';
const BOUNDARY_MS = timeMs('2023-04-01T12:00');
/** The quarter's end, UTC. */
const KEPT_FROM_MS = Date.parse('2023-04-01T00:00:00Z');
const TIERS =
  '[{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 100, expiresAfterDays: 7 }] }]';

function set(
  extra: string,
  goals: readonly string[] = ['orders, metric: orders, period: day'],
): ProgramSet {
  return new ProgramSet([
    parseProgram(
      `
program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000 }
takeBack: { flags: difference }
${extra}
goals:
${goals.map((goal) => `  - { goal: ${goal}, tiers: ${TIERS} }\n`).join('')}`,
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

  /** Another process, which follows other programs. */
  function follow(programs: ProgramSet): void {
    granter = new GranterByHand(granters, SHARD, programs, clock);
  }

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

  async function forget(programs = GRACE): Promise<void> {
    await forgetActivity(granters, await plan(programs));
  }

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
    const ever = set('', ['orders, metric: orders, period: lifetime']);
    const found = await plan(ever);
    expect(found.stillCounting).toMatchObject([
      { program: 'daily', goal: 'orders', closesAtMs: Infinity },
    ]);
    await expect(forgetActivity(granters, found)).rejects.toThrow(
      'what still counts is not forgotten',
    );
    expect(await count('activity')).toBe(2);
  });

  it('is not kept back by firsts, and leaves those of a window that is still open', async () => {
    const window =
      'window: { from: 2023-01-01T00:00:00+08:00, until: 2090-01-01T00:00:00+08:00 }';
    const first = 'first, metric: firstStream, period';
    const firsts = set(window, [`${first}: window`]);
    expect(await plan(firsts)).toMatchObject({
      stillCounting: [],
      periods: [],
    });
    const others = [
      `${first}: window`,
      'orders, metric: orders, period: window',
    ];
    expect((await plan(set(window, others))).stillCounting).toMatchObject([
      { goal: 'orders', closesAtMs: timeMs('2090-01-01T00:00') },
    ]);
  });

  it('is refused while anything is to settle, also of what stands in rows with firsts', async () => {
    const until = new Date(NOW_MS - 40 * 86_400_000).toISOString();
    const past = `window: { from: 2023-01-01T00:00:00+08:00, until: ${until} }`;
    const orders = 'metric: orders, period: window';
    const settling = set(`${past}\ngraceHours: 24`, [
      `orders, ${orders}, settlesAfterDays: 60`,
    ]);
    expect((await plan(settling)).stillCounting).toMatchObject([
      { goal: 'orders' },
    ]);
    const first = 'first, metric: firstSale, period: window';
    const both = set(`${past}\ngraceHours: 24`, [
      `${first}, settlesAfterDays: 60`,
      `orders, ${orders}`,
    ]);
    expect((await plan(both)).stillCounting).toMatchObject([{ goal: 'first' }]);
  });

  it('closes goals without a grace: what comes late counts nowhere, nor does its refund', async () => {
    const patient = set('');
    follow(patient);
    await forget(patient);
    clock.atMs = NOW_MS;
    await take(paid('late', OLD, 1));
    await take(paid('late of the day that is kept', KEPT, 1));
    await take(refunded('late', '2023-06-01T12:00', 1));
    expect(await grants()).toBe(2);
    expect(await lateFor()).toEqual([
      ['late', 'daily/orders'],
      ['late of the day that is kept', null],
    ]);
    expect(await periods()).toEqual(['day:2023-05-01']);
  });

  it('is recorded for good, also where what comes late makes its quarter anew', async () => {
    expect(await readActivityKeptFromMs(granters)).toBe(-Infinity);
    await forget();
    await take(paid('late', OLD, 1));
    await granters.query(`SELECT forget_quarter('activity', '2022-10-01')`);
    expect(await readActivityKeptFromMs(granters)).toBe(KEPT_FROM_MS);
    const again = await plan(GRACE, timeMs('2023-04-01T12:00'));
    expect(again.quarters.map(({ name }) => name)).toEqual(['activity_2023q1']);
    expect(again.keptFromMs).toBe(KEPT_FROM_MS);
    await forgetActivity(granters, again);
    expect(await count('activity')).toBe(1);
  });

  it('is not undone by a granter that has loaded what is forgotten', async () => {
    const patient = set('');
    follow(patient);
    const { store } = granter;
    const head = await store.readHead(SHARD);
    const messages = log.add([paid('late', OLD, 1)]);
    const nowMs = NOW_MS;
    const state = await store.load(SHARD, messages, nowMs, head.consumed);
    const { work } = granting({ shard: SHARD, head, state, messages, nowMs });
    await forget(patient);
    const commit = { shard: SHARD, head, consumed: head.consumed, work, nowMs };
    await expect(store.commit(commit)).rejects.toThrow(HeadMovedError);
    clock.atMs = NOW_MS;
    await granter.take(messages);
    expect(await periods()).toEqual(['day:2023-05-01']);
    expect(await grants()).toBe(2);
  });

  it('takes the progress over sessions without a window by what last counted in it', async () => {
    const live = set('', ['orders, metric: orders, period: session']);
    const monthMs = 31 * 86_400_000;
    for (const [session, last] of [
      ['over', KEPT_FROM_MS + monthMs - 1],
      ['perhaps-from-after', KEPT_FROM_MS + monthMs],
      ['unknown', undefined],
    ] as const)
      await writeProgress(`session:${session}`, { last });
    await forget(live);
    expect(await periods()).toEqual([
      // Not of what the set follows.
      'day:2023-02-01',
      'day:2023-05-01',
      'session:perhaps-from-after',
      'session:unknown',
    ]);
  });

  it('pays nothing again over sessions that are forgotten, whatever is told of their starts and ends', async () => {
    const live = set('', [
      'orders, metric: orders, channels: [live], period: session',
    ]);
    follow(live);
    const inSession = { channel: 'live', sessionId: 's1' } as const;
    await take(started('s1', '2023-04-02T20:00'));
    await take(paid('in its time', '2023-04-02T21:00', 1, inSession));
    expect(await grants()).toBe(3);
    await forget(live);
    expect(await periods()).not.toContain('session:s1');
    clock.atMs = NOW_MS;
    await take(started('s1', '2023-04-02T19:00'));
    await take(endedAfter('s1', '2023-04-02T20:00', 24 * 365));
    await take(endedAfter('s1', '2023-04-02T20:00', 24 * 366));
    expect(await grants()).toBe(3);
    expect(await periods()).not.toContain('session:s1');
  });

  it('leaves firsts over a lifetime, and what a flag takes back of them', async () => {
    const end = timeMs('2023-03-01T00:00');
    const window =
      'window: { from: 2023-01-01T00:00:00+08:00, until: 2023-03-01T00:00:00+08:00 }';
    const both = set(window, [
      'first, metric: firstStream, period: lifetime',
      'orders, metric: orders, period: lifetime',
      'streams-of-days, metric: firstStream, period: day',
    ]);
    follow(both);
    await take(started('s1', OLD));
    await take(paid('one more', OLD, 1));
    expect(await grants()).toBe(5);
    expect(await progressOf('lifetime')).toMatchObject({
      end,
      goals: { first: { value: 1 }, orders: { value: 1 } },
    });
    await forget(both);
    const { goals } = await progressOf('lifetime');
    expect(Object.keys(goals)).toEqual(['first']);
    expect(await periods()).toEqual(['day:2023-05-01', 'lifetime']);
    await take(flagged('merchant', 'm1', '2023-06-01T12:00'));
    expect(await grants()).toBe(5);
    expect(await progressOf('lifetime')).toMatchObject({
      goals: { first: { value: 1 } },
    });
  });

  async function periods(): Promise<string[]> {
    const { rows } = await ledger.pool.query<{ period: string }>(
      'SELECT period FROM progress ORDER BY period',
    );
    return rows.map(({ period }) => period);
  }

  async function progressOf(period: string) {
    const { rows } = await ledger.pool.query<{
      progress: { end?: number; goals: Record<string, unknown> };
    }>('SELECT progress FROM progress WHERE period = $1', [period]);
    return rows[0]!.progress;
  }

  async function writeProgress(period: string, changes: object): Promise<void> {
    const progress = { v: 2, goals: { orders: { value: 1 } }, ...changes };
    await ledger.pool.query(
      `INSERT INTO progress (shard, merchant_id, program, period, progress) VALUES ($1, 'm1', 'daily', $2, $3)`,
      [SHARD, period, JSON.stringify(progress)],
    );
  }

  /** By the order, of those that are called late. */
  async function lateFor(): Promise<unknown[]> {
    const { rows } = await ledger.pool.query<{
      about: string;
      late_for: string | null;
    }>(
      `SELECT substr(about, length('order:') + 1) AS about, late_for FROM activity
       WHERE type = 'order.paid' AND about LIKE 'order:late%' ORDER BY 1`,
    );
    return rows.map(({ about, late_for }) => [about, late_for]);
  }

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
