import { inject } from 'vitest';
import { shardOf, type ActivityEvent, type Unit } from '@app/contracts';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../../../../apps/granter/test/granter-by-hand.js';
import { world } from '../../../../apps/simulator/src/world/world.js';
import { createLedger, type TestLedger } from '../../../ledger/test/journal.js';
import {
  endedAfter,
  paid,
  paidTimes,
  refunded,
  started,
  timeMs,
} from '../../test/activity.js';
import { SHIPPED_FILES, shippedProgram } from '../../test/programs.js';
import type { DryRunResult } from '../dry-run/dry-run.js';
import { parseProgram, parsePrograms } from '../file/program-file.js';
import { ProgramSet } from '../published/program-set.js';
import type { Program } from '../program.js';
import { dryRunOverActivity } from './dry-run.js';

const SHARDS = 64;
const ALWAYS = { fromMs: -Infinity, untilMs: Infinity };
const EVERYBODY = 1_000_000;
const DAY_MS = 86_400_000;

/** The granters of an installation, on the clock of the events. */
class Granters {
  readonly #clock = new SetClock(0);
  readonly #shards = new Map<
    number,
    { log: ActivityLog; granter: GranterByHand }
  >();

  constructor(
    private readonly pool: Pool,
    programs: readonly Program[],
  ) {
    const set = new ProgramSet(programs);
    this.#of = (shard) => {
      let known = this.#shards.get(shard);
      if (!known) {
        known = {
          log: new ActivityLog(shard),
          granter: new GranterByHand(pool, shard, set, this.#clock),
        };
        this.#shards.set(shard, known);
      }
      return known;
    };
  }

  readonly #of: (shard: number) => {
    log: ActivityLog;
    granter: GranterByHand;
  };

  /** Takes events in their order, by shard; then the clock goes on until all has settled. */
  async takeAll(events: readonly ActivityEvent[]): Promise<void> {
    for (const batch of byShardAndDay(events)) {
      const { log, granter } = this.#of(batch.shard);
      this.#clock.atMs = Math.max(
        ...batch.events.map(({ occurredAtMs }) => occurredAtMs),
      );
      await granter.take(log.add(batch.events));
    }
    for (let atMs: number | null; (atMs = await this.#nextDueMs()) !== null;) {
      this.#clock.atMs = atMs;
      for (const { granter } of this.#shards.values()) await granter.tick();
    }
  }

  async #nextDueMs(): Promise<number | null> {
    const { rows } = await this.pool.query<{ due_at: Date | null }>(
      'SELECT min(due_at) AS due_at FROM progress',
    );
    return rows[0]!.due_at?.getTime() ?? null;
  }
}

interface Batch {
  shard: number;
  events: ActivityEvent[];
}

/** No batch goes over a midnight: goals settle there. */
function byShardAndDay(events: readonly ActivityEvent[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const event of events) {
    const shard = shardOf(event.merchantId, SHARDS);
    const day = Math.floor((event.occurredAtMs + 8 * 3_600_000) / DAY_MS);
    const key = `${shard} ${day}`;
    const batch = batches.get(key) ?? { shard, events: [] };
    batches.set(key, batch);
    batch.events.push(event);
  }
  return [...batches.values()];
}

function simulated(count: number): ActivityEvent[] {
  const events = world(7, {
    epochMs: Date.parse('2026-10-25T00:00:00+08:00'),
    merchants: 30,
  });
  return Array.from({ length: count }, () => {
    const { atMs, event } = events.next().value;
    const { source, id, type, subject, data } = event;
    return {
      source,
      id,
      type,
      merchantId: subject,
      occurredAtMs: atMs,
      data,
    } as ActivityEvent;
  });
}

/** A merchant and a session, in whose midst somebody finds them out. */
function withFlags(events: readonly ActivityEvent[]): ActivityEvent[] {
  const place = Math.floor(events.length * 0.7);
  const atMs = events[place]!.occurredAtMs;
  const [merchant, streamer] = events
    .filter(({ type }) => type === 'live.started')
    .slice(0, 2) as [ActivityEvent, ActivityEvent];
  const { sessionId } = streamer.data as { sessionId: string };
  const flag = (
    { merchantId }: ActivityEvent,
    kind: 'merchant' | 'session',
    id: string,
  ): ActivityEvent => ({
    source: '/risk',
    id: `flag ${id}`,
    type: 'risk.flagged',
    merchantId,
    occurredAtMs: atMs,
    data: { target: { kind, id }, reason: 'bought by itself' },
  });
  return [
    ...events.slice(0, place),
    flag(merchant, 'merchant', merchant.merchantId),
    flag(streamer, 'session', sessionId),
    ...events.slice(place),
  ];
}

/** Each stream's start and end come after all that names it. */
function withStreamsOutOfTurn(
  events: readonly ActivityEvent[],
): ActivityEvent[] {
  const isOfStream = ({ type }: ActivityEvent) =>
    type === 'live.started' || type === 'live.ended';
  return [
    ...events.filter((event) => !isOfStream(event)),
    ...events.filter(isOfStream),
  ];
}

/** Thirty orders each, a minute after the end of the stream that they name. */
function withOrdersAfterwards(
  events: readonly ActivityEvent[],
): ActivityEvent[] {
  return events.flatMap((event): ActivityEvent[] => {
    if (event.type !== 'live.ended') return [event];
    const { sessionId } = event.data;
    const afterwards = Array.from({ length: 30 }, (_, i): ActivityEvent => ({
      source: '/afterwards',
      id: `${sessionId} ${i}`,
      type: 'order.paid',
      merchantId: event.merchantId,
      occurredAtMs: event.occurredAtMs + 60_000,
      data: {
        orderId: `${sessionId} ${i}`,
        amountMinor: 5_000,
        channel: 'live',
        sessionId,
      },
    }));
    return [event, ...afterwards];
  });
}

/** By program, merchant and unit, what was granted and not taken back. */
async function readKept(pool: Pool, program: string) {
  const { rows } = await pool.query<{
    merchant_id: string;
    unit: Unit;
    kept: bigint;
  }>(
    `SELECT merchant_id, unit, sum(amount)::bigint AS kept FROM (
       SELECT merchant_id, unit, -amount AS amount FROM entry JOIN posting USING (journal, shard, sequence)
       WHERE journal = 'grants' AND kind = 'grant' AND program = $1 AND account LIKE 'pool:%'
       UNION ALL
       SELECT merchant_id, cause ->> 'unit', -(cause ->> 'amount')::bigint FROM entry
       WHERE journal = 'grants' AND kind = 'clawback' AND program = $1) AS moved
     GROUP BY merchant_id, unit`,
    [program],
  );
  return rows.map((row) => `${row.merchant_id} ${row.unit} ${row.kept}`).sort();
}

function keptOf({ draft }: DryRunResult): string[] {
  return draft.units
    .flatMap(({ unit, top }) =>
      top.map(({ merchantId, amount }) => `${merchantId} ${unit} ${amount}`),
    )
    .sort();
}

/** Every row of every table. */
async function everything(pool: Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  const all: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: digests } = await pool.query<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS digest FROM ${name} AS t`,
    );
    all[name] = digests[0]!.digest;
  }
  return all;
}

describe('a dry run over recorded activity', () => {
  let ledger: TestLedger;
  let readers: Pool;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    readers = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 1,
      role: ROLES.granter,
    });
  });
  afterEach(async () => {
    await readers.end();
    await ledger.close();
  });

  function dryRun(
    draft: Program,
    options: Partial<Parameters<typeof dryRunOverActivity>[1]> = {},
  ) {
    return dryRunOverActivity(readers, {
      draft,
      running: null,
      span: ALWAYS,
      top: EVERYBODY,
      ...options,
    });
  }

  it('of what runs gives exactly what was granted, and changes nothing', async () => {
    const programs = parsePrograms(SHIPPED_FILES);
    const events = withFlags(simulated(3_000));
    await new Granters(ledger.pool, programs).takeAll(events);
    const before = await everything(ledger.pool);
    const granted: string[] = [];
    for (const draft of programs) {
      const result = await dryRun(draft);
      expect(result.activity.events).toBe(events.length);
      const kept = await readKept(ledger.pool, draft.program);
      expect(keptOf(result), draft.program).toEqual(kept);
      if (kept.length > 0) granted.push(draft.program);
    }
    expect(granted.length).toBeGreaterThan(5);
    expect(await everything(ledger.pool)).toEqual(before);
  }, 180_000);

  it('counts anew, as granters do, where starts and ends of streams came out of turn', async () => {
    const fuyao = shippedProgram('fuyao-plan');
    const inTurn = withOrdersAfterwards(simulated(1_500));
    const granters = new Granters(ledger.pool, [fuyao]);
    await granters.takeAll(withStreamsOutOfTurn(inTurn));
    const { rows } = await ledger.pool.query<{ taken_back: bigint }>(
      `SELECT count(*) AS taken_back FROM entry WHERE cause ->> 'type' = 'reward_taken_back'`,
    );
    expect(Number(rows[0]!.taken_back)).toBeGreaterThan(10);
    const kept = await readKept(ledger.pool, 'fuyao-plan');
    expect(kept.length).toBeGreaterThan(5);
    expect(keptOf(await dryRun(fuyao))).toEqual(kept);
  }, 180_000);

  it.each<[string, ActivityEvent[]]>([
    [
      'a stream that nothing names was told to have started twice',
      [started('s1', '2026-11-01T20:00'), started('s1', '2026-11-01T19:00')],
    ],
    [
      'the end of a stream that nothing names came ahead of its start',
      [
        endedAfter('s1', '2026-11-01T20:00', 2),
        started('s1', '2026-11-01T20:30'),
      ],
    ],
    [
      'an order was paid in a stream, and its balance after that was over',
      [
        started('s1', '2026-11-01T20:00'),
        paid('o1', '2026-11-01T20:30', 5_000, {
          channel: 'live',
          sessionId: 's1',
        }),
        paid('o1', '2026-11-01T23:00', 5_000),
        endedAfter('s1', '2026-11-01T20:00', 2),
      ],
    ],
  ])('comes to its end where %s', async (_, events) => {
    const fuyao = shippedProgram('fuyao-plan');
    await new Granters(ledger.pool, [fuyao]).takeAll(events);
    const { activity } = await dryRun(fuyao);
    expect(activity.events).toBe(events.length);
  });

  it('ends with its signal, and lets go of its connection', async () => {
    const signal = AbortSignal.abort(new Error('nobody waits any more'));
    await expect(dryRun(daily(1, 300), { signal })).rejects.toThrow(
      'nobody waits any more',
    );
    expect(await dryRun(daily(1, 300))).toMatchObject({
      activity: { events: 0 },
    });
  });

  describe('of one program', () => {
    const running = daily(1, 300);

    beforeEach(async () => {
      const three = (merchantId: string, time: string) =>
        paidTimes(3, time).map(
          (event) =>
            ({
              ...event,
              merchantId,
              id: `${merchantId} ${event.id}`,
            }) as ActivityEvent,
        );
      await new Granters(ledger.pool, [running]).takeAll([
        ...three('a', '2026-11-01T12:00'),
        ...three('b', '2026-11-01T12:00').slice(0, 1),
        ...three('flagged', '2026-11-01T12:00'),
        ...three('a', '2026-11-02T12:00'),
        {
          source: '/risk',
          id: 'flag',
          type: 'risk.flagged',
          merchantId: 'flagged',
          occurredAtMs: timeMs('2026-11-01T12:01'),
          data: {
            target: { kind: 'merchant', id: 'flagged' },
            reason: 'bought by itself',
          },
        },
        refunded('order at 2026-11-02T04:02:00.000Z', '2026-11-02T13:00', 1, {
          merchantId: 'a',
        }),
      ]);
    });

    it('takes back what flags and refunds take back', async () => {
      const result = await dryRun(running);
      // a: 400, and 100 of 400 after the refund; b: 100; the one who was flagged keeps its first order's.
      expect(keptOf(result)).toEqual([
        'a ANY_IMP 500',
        'b ANY_IMP 100',
        'flagged ANY_IMP 100',
      ]);
      expect(keptOf(result)).toEqual(await readKept(ledger.pool, 'daily'));
      expect(result.draft.units[0]).toMatchObject({
        granted: 1_300n,
        takenBack: 600n,
      });
    });

    it('puts a draft with other tiers beside what runs', async () => {
      const { differences } = await dryRun(daily(2, 500), { running });
      expect(differences?.units[0]).toMatchObject({
        granted: 600n,
        takenBack: 400n,
        net: 200n,
        merchants: { more: 1, less: 0, same: 2 },
        top: [{ merchantId: 'a', draft: 700n, running: 500n }],
      });
    });

    it('counts a span alone', async () => {
      const secondDay = {
        fromMs: timeMs('2026-11-02T00:00'),
        untilMs: timeMs('2026-11-02T13:00'),
      };
      const result = await dryRun(running, { span: secondDay });
      expect(result.activity).toMatchObject({ events: 3, merchants: 1 });
      expect(keptOf(result)).toEqual(['a ANY_IMP 400']);
    });

    it('says where nothing was recorded', async () => {
      const span = { fromMs: timeMs('2027-01-01'), untilMs: Infinity };
      const { activity } = await dryRun(running, { span });
      expect(activity).toMatchObject({ events: 0, merchants: 0 });
    });

    it('tells how far it has come', async () => {
      const told: [number, number][] = [];
      await dryRun(running, {
        onProgress: (done, total) => told.push([done, total]),
      });
      expect(told.at(-1)).toEqual([12, 12]);
    });
  });
});

/** Pays for the first and the third order of a day. */
function daily(version: number, third: number): Program {
  return parseProgram(
    `
program: daily
version: ${version}
title: { zh: 每日, en: Daily }
takeBack: { refunds: difference, flags: difference }
pools: { ANY_IMP: 1000000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 100, expiresAfterDays: 7 }] }
      - { tier: third, at: 3, rewards: [{ unit: ANY_IMP, amount: ${third}, expiresAfterDays: 7 }] }
`,
    'daily.yaml',
  );
}
