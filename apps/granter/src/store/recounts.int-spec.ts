import { inject } from 'vitest';
import type { ActivityEvent } from '@app/contracts';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import {
  countEvents,
  parsePrograms,
  ProgramSet,
  type CountedEvent,
} from '@app/programs';
import {
  createLedger,
  type TestLedger,
} from '../../../../libs/ledger/test/journal.js';
import { paid, timeMs } from '../../../../libs/programs/test/activity.js';
import { SHIPPED_FILES } from '../../../../libs/programs/test/programs.js';
import { TwinGranters } from '../../test/twin-granters.js';
import { countAnew } from './recounts.js';

const MERCHANT = 'm1';
const SET = new ProgramSet(parsePrograms(SHIPPED_FILES));
const DAY = '2026-11-03';

describe('what a merchant did, counted anew and read a page at a time', () => {
  let ledger: TestLedger;
  let pool: Pool;
  let twins: TwinGranters;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    pool = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 2,
      role: ROLES.granter,
    });
    twins = new TwinGranters(pool, 5, SET.programs, timeMs(`${DAY}T00:00`));
    const others = soldBefore('m2').map((event) => ({
      ...event,
      merchantId: 'm2',
    }));
    await twins.take(
      [...soldBefore(MERCHANT), ...others],
      timeMs(`${DAY}T12:00`),
    );
  });
  afterAll(async () => {
    await pool.end();
    await ledger.close();
  });

  it.each([1, 2, 3, 7, 1_000])(
    'is the same with %i rows to a page',
    async (page) => {
      const counted = countedAfter([
        soldIn('s1', 'o8'),
        flag('session', 's1', '08:00'),
        soldIn('s2', 'o1'),
        soldIn('s2', 'o9'),
        flag('merchant', MERCHANT, '11:00'),
      ]);
      const recounts = await countAnew(
        pool,
        SET,
        5,
        counted,
        [counted[1]!, counted[4]!],
        new Map(),
        page,
      );
      expect([...recounts.keys()]).toEqual([counted[1], counted[4]]);
      const values = [...recounts.values()].map((recount) => ({
        orders: recount.standing(WEEK, 'weekly-orders').value,
        gmv: recount.standing(WEEK, 'weekly-gmv').value,
        followers: recount.standing(STAGE, 'live-followers').value,
      }));
      expect(values).toEqual([
        // Of six orders the two in the stream are gone; and of three times four followers one time.
        { orders: 4, gmv: 400, followers: 8 },
        { orders: 5, gmv: 600, followers: 8 },
      ]);
    },
  );

  function countedAfter(events: readonly ActivityEvent[]): CountedEvent[] {
    const { facts } = twins.inMemory;
    const state = {
      facts,
      subjects: new Map(),
      clockMs: twins.clockMs,
      keptFromMs: -Infinity,
    };
    return countEvents(
      SET,
      state,
      events.map((event) => ({
        event,
        reference: { topic: '', partition: 5, offset: '', source: '', id: '' },
      })),
    ).events;
  }
});

const WEEK = { program: 'order-ladder', period: 'week:2026-11-02' };
const STAGE = { program: 'doujin-plan', period: 'stage:double-11' };

/** Six orders, one of them in the stream that is to be flagged, and followers by threes. */
function soldBefore(merchantId: string): ActivityEvent[] {
  return [
    ...['o1', 'o2', 'o3', 'o4'].map((orderId) =>
      paid(orderId, `${DAY}T09:00`, 100, { merchantId }),
    ),
    soldIn('s1', 'o5', merchantId),
    followed('s1', merchantId),
    followed('s2', merchantId),
    followed('s3', merchantId),
  ];
}

function soldIn(
  sessionId: string,
  orderId: string,
  merchantId = MERCHANT,
): ActivityEvent {
  const event = paid(orderId, `${DAY}T10:00`, 100, { merchantId });
  return {
    ...event,
    id: `${event.id} ${sessionId}`,
    data: { orderId, amountMinor: 100, channel: 'live', sessionId },
  } as ActivityEvent;
}

function followed(sessionId: string, merchantId: string): ActivityEvent {
  return {
    source: '/follow',
    id: `${merchantId} ${sessionId}`,
    type: 'follower.gained',
    merchantId,
    occurredAtMs: timeMs(`${DAY}T10:30`),
    data: { count: 4, channel: 'live', sessionId },
  };
}

function flag(
  kind: 'session' | 'merchant',
  id: string,
  time: string,
): ActivityEvent {
  return {
    source: '/risk',
    id: `${kind} ${id}`,
    type: 'risk.flagged',
    merchantId: MERCHANT,
    occurredAtMs: timeMs(`${DAY}T${time}`),
    data: { target: { kind, id }, reason: 'any' },
  };
}
