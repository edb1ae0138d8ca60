import { inject } from 'vitest';
import type { ActivityEvent } from '@app/contracts';
import {
  createPool,
  readEntries,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import {
  aboutOf,
  countEvents,
  factsFromJson,
  progressFromJson,
  ProgramSet,
  type MerchantFacts,
} from '@app/programs';
import {
  paid,
  refunded,
  timeMs,
} from '../../../libs/programs/test/activity.js';
import { ORDER_LADDER } from '../../../libs/programs/test/programs.js';
import { DatabaseBeforePrograms } from '../../../libs/ledger/test/database-before-programs.js';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../test/granter-by-hand.js';
import { activityOf } from '../test/merchants.js';

const [ANY, LADDER] = [3, 4];
const SET = new ProgramSet([ORDER_LADDER]);
const DAY = '2024-11-12';

describe('activity and progress from before there were programs of all kinds', () => {
  const events = [1, 2, 3].flatMap((seed) =>
    activityOf(seed).map((event) => ofSeed(event, seed)),
  );
  let database: DatabaseBeforePrograms;
  let pool: Pool;

  beforeAll(async () => {
    database = await DatabaseBeforePrograms.create(inject('postgresUrl'));
    await database.accept(ANY, [...events, ...ALL_AT_ONCE]);
    await database.accept(LADDER, [...SOLD]);
    await database.reach(LADDER, ['m1', 'order-ladder', 'week:2024-11-11'], {
      'weekly-orders': { value: 4, paid: ['1-order'] },
      'weekly-gmv': { value: 49_000, paid: [] },
    });
    await database.reach(LADDER, ['m1', 'any-live', 'session:s1'], {
      orders: { value: 1, paid: [] },
    });
    await database.keep(LADDER, ['m1', 'any-window', 'session:s1'], {
      v: 2,
      end: timeMs(`${DAY}T00:00`),
      goals: { orders: { value: 1 } },
    });
    await database.migrate();
    pool = createPool(database.url, {
      applicationName: 'test',
      maxConnections: 4,
      role: ROLES.granter,
    });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('is found by what it was about', async () => {
    const { rows } = await pool.query<{ about: string; late_for: null }>(
      'SELECT about, late_for FROM activity WHERE shard = $1 ORDER BY kafka_offset',
      [ANY],
    );
    expect(rows).toEqual(
      [...events, ...ALL_AT_ONCE].map((event) => ({
        about: aboutOf(event) ?? '',
        late_for: null,
      })),
    );
  });

  it('says of merchants what it would have said as it came', async () => {
    const { rows } = await pool.query<{ merchant_id: string; facts: unknown }>(
      'SELECT merchant_id, facts FROM merchant_facts WHERE shard = $1',
      [ANY],
    );
    const found = rows
      .map((row) => [row.merchant_id, factsFromJson(row.facts)] as const)
      .filter(([, facts]) => !knowsNothing(facts));
    expect(new Map(found)).toEqual(factsOf([...events, ...ALL_AT_ONCE]));
    expect(found.some(([, { firstSale }]) => firstSale?.isFlagged)).toBe(true);
  });

  it('has moved by now over sessions, whether they have an end or not', async () => {
    const { rows } = await database.pool.query<{
      period: string;
      progress: unknown;
      now: Date;
    }>(
      `SELECT period, progress, now() FROM progress WHERE shard = $1 ORDER BY period`,
      [LADDER],
    );
    const last = rows.map(({ progress }) => progressFromJson(progress).lastMs);
    expect(rows.map(({ period }) => period)).toEqual([
      'session:s1',
      'session:s1',
      'week:2024-11-11',
    ]);
    const nowMs = rows[0]!.now.getTime();
    for (const lastMs of last.slice(0, 2))
      expect(nowMs - lastMs!).toBeLessThan(600_000);
    expect(last[2]).toBeNull();
  });

  it('finds the order of a refund, and pays no tier again that was paid', async () => {
    const clock = new SetClock(timeMs(`${DAY}T12:00`));
    const granter = new GranterByHand(pool, LADDER, SET, clock);
    const log = new ActivityLog(LADDER);
    await granter.take(
      log.add([
        // What was taken before comes once more.
        ...SOLD,
        refunded('o1', `${DAY}T10:00`, 1_000),
        paid('o5', `${DAY}T10:00`, 2_000),
        // One is gone, and so are its sales: the fifth order, and 500 yuan.
        paid('o6', `${DAY}T10:01`, 0),
        refunded('o7', `${DAY}T10:02`, 5),
      ]),
    );
    const granted = await readEntries(pool, 'grants', LADDER, 1n, 100);
    expect(
      granted.flatMap(({ cause }) =>
        cause.type === 'goal_reached' ? [[cause.tier, cause.value]] : [],
      ),
    ).toEqual([
      ['gmv-500', 50_000],
      ['gmv-500', 50_000],
      ['5-orders', 5],
    ]);
  });
});

const SOLD = ['o1', 'o2', 'o3', 'o4'].map((orderId) =>
  paid(orderId, `${DAY}T09:00`, orderId === 'o1' ? 1_000 : 16_000),
);

/** What happens at one time counts in the order of its arrival, or by its name. */
const ALL_AT_ONCE: ActivityEvent[] = [
  registered('toys', 5),
  registered('food', 7),
  registered('books', 6),
  paid('o2', `${DAY}T09:00`, 1, { merchantId: 'at-once' }),
  paid('o1', `${DAY}T09:00`, 1, { merchantId: 'at-once' }),
  {
    source: '/risk',
    id: 'at-once o1',
    type: 'risk.flagged',
    merchantId: 'at-once',
    occurredAtMs: timeMs(`${DAY}T09:00`),
    data: { target: { kind: 'order', id: 'o1' }, reason: 'any' },
  },
];

function registered(category: string, followers: number): ActivityEvent {
  return {
    source: '/shop',
    id: `at-once ${category}`,
    type: 'merchant.registered',
    merchantId: 'at-once',
    occurredAtMs: timeMs(`${DAY}T09:00`),
    data: { category, followers },
  };
}

function ofSeed(event: ActivityEvent, seed: number): ActivityEvent {
  const merchantId = `${event.merchantId}/${seed}`;
  return { ...event, id: `${event.id}/${seed}`, merchantId };
}

/** What the granter would remember, had it taken all of it. */
function factsOf(events: readonly ActivityEvent[]): Map<string, MerchantFacts> {
  const known = { facts: new Map(), subjects: new Map() };
  const state = { ...known, clockMs: 0, keptFromMs: -Infinity };
  const reference = { topic: '', partition: 0, offset: '', source: '', id: '' };
  return countEvents(
    SET,
    state,
    events.map((event) => ({ event, reference })),
  ).facts;
}

function knowsNothing(facts: MerchantFacts): boolean {
  const { followers, flaggedSessions, ...rest } = facts;
  return (
    followers === 0n &&
    flaggedSessions.size === 0 &&
    Object.values(rest).every((one) => one === null)
  );
}
