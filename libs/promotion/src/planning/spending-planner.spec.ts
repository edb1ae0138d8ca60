import {
  closed,
  delivered,
  ended,
  granted,
  minute,
  published,
  registered,
  started,
  switchedOff,
  switchedOn,
  timePasses,
  type Grant,
} from '../../test/inputs.js';
import { PromoterInMemory } from '../../test/promoter-in-memory.js';
import { nextDueMs } from '../decide/index.js';
import { nextPlanMs, SPENDING_POLICY } from './index.js';

const A_MONTH = 30 * 24 * 60;
const much = { lotId: 'a', unit: 'ANY_IMP', amount: 1_000_000 } as const;

function promoter(...grants: Partial<Grant>[]): PromoterInMemory {
  const promoter = new PromoterInMemory();
  promoter.take(registered('food', 0));
  for (const grant of grants)
    promoter.take(granted({ ...much, at: 0, expires: A_MONTH, ...grant }));
  return promoter;
}

function ordersOf(p: PromoterInMemory): [string, number][] {
  return p
    .merchant()
    .orders.map(({ targetId, parts }) => [
      targetId,
      parts.reduce((sum, { amount }) => sum + Number(amount), 0),
    ]);
}

function promoterOfTwo(): PromoterInMemory {
  const p = promoter({});
  p.take(started('s1', 1), published('v1', 1), switchedOn(2));
  return p;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function decisionsOf({ drafts }: PromoterInMemory) {
  return drafts.flatMap(({ cause }) =>
    cause.type === 'promotion_ordered' ? [cause.decision] : [],
  );
}

/** All that was ordered is shown: one impression in a hundred leads to an order of 60 yuan where that is so of the target. */
function reportAll(
  p: PromoterInMemory,
  at: number,
  sells: (targetId: string) => boolean,
): void {
  for (const { promotionOrderId, targetId, parts } of p.merchant().orders) {
    const impressions = parts.reduce((n, { amount }) => n + Number(amount), 0);
    const sold = sells(targetId) ? Math.round(impressions / 100) : 0;
    const report = delivered(promotionOrderId, impressions, at);
    if (report.event.type === 'promotion.delivered') {
      report.event.data.orders = sold;
      report.event.data.gmvMinor = sold * 6_000;
    }
    p.take(report, closed(promotionOrderId, 'completed', at));
  }
}

/** One of each kind, the teaser first. */
function publishClips(p: PromoterInMemory, n: number, at: number) {
  for (const kind of ['teaser', 'explanation'] as const)
    p.take(published(`${kind}${n}`, at, { clip: { sessionId: 's0', kind } }));
  return p;
}

describe('a merchant with the switch on', () => {
  it('has an order for each stream and video, for as long as its slot', () => {
    const p = promoter({});
    p.take(started('s1', 1), published('v1', 1), switchedOn(2));
    expect(p.merchant().orders).toMatchObject([
      { targetId: 's1', deadlineMs: minute(32), slot: { capacity: 5_000 } },
      { targetId: 'v1', deadlineMs: minute(122), slot: { capacity: 4_000 } },
    ]);
  });

  it('is planned for anew when a slot ends, by time alone', () => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2));
    const first = p.lastOrder();
    p.take(delivered(first, 5_000, 20), closed(first, 'completed', 21));
    expect(p.merchant().orders).toEqual([]);
    expect(nextDueMs(p.merchant(), { nextPlanMs })).toBe(minute(32));
    p.take(timePasses(32));
    expect(p.lastOrder()).not.toBe(first);
    expect(p.merchant().orders).toMatchObject([{ targetId: 's1' }]);
  });

  it.each(['__proto__', 'constructor', 'toString'])(
    'has its slots one after another, also where a stream is called %s',
    (sessionId) => {
      const p = promoter({});
      p.take(started(sessionId, 1), switchedOn(2));
      const first = p.lastOrder();
      p.take(delivered(first, 5_000, 20), closed(first, 'completed', 21));
      expect(p.merchant().orders).toEqual([]);
      p.take(timePasses(32));
      expect(p.merchant().orders).toMatchObject([
        { targetId: sessionId, deadlineMs: minute(62) },
      ]);
    },
  );

  it('has the slots of a stream and of a video of the same id apart', () => {
    const p = promoter({});
    p.take(started('1', 1), published('1', 1), switchedOn(2));
    const [stream, video] = p.merchant().orders;
    const streamId = stream!.promotionOrderId;
    p.take(delivered(streamId, 5_000, 20), closed(streamId, 'completed', 21));
    p.take(timePasses(32));
    expect(p.merchant().orders).toMatchObject([
      video,
      { placement: 'live', deadlineMs: minute(62) },
    ]);
  });

  it('has one order at a time for a stream while there is nothing for a video of its id', () => {
    const p = promoter({ unit: 'LIVE_IMP' });
    p.take(started('1', 1), published('1', 1), switchedOn(2));
    p.take(published('another', 3));
    expect(p.merchant().orders).toHaveLength(1);
  });

  it('whose daily cap was used up, has orders as soon as it is renewed', () => {
    const midnight = 16 * 60;
    const p = promoter({});
    p.take(switchedOn(1, 'm1', { dailyCapImpressions: 3_000 }));
    p.take(started('s1', midnight - 20), started('s2', midnight - 5));
    expect(ordersOf(p)).toEqual([['s1', 3_000]]);
    expect(nextDueMs(p.merchant(), { nextPlanMs })).toBe(minute(midnight));
    p.take(timePasses(midnight));
    expect(ordersOf(p)).toEqual([
      ['s1', 3_000],
      ['s2', 3_000],
    ]);
  });

  it.each([
    ['may spend elsewhere again', { placements: ['short_video' as const] }],
    ['may spend more', { dailyCapImpressions: 100 }],
  ])('who %s, has orders at once', (_, limits) => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2), switchedOn(3, 'm1', limits));
    p.take(started('s2', 4), switchedOn(5));
    expect(
      ordersOf(p)
        .map(([targetId]) => targetId)
        .sort(),
    ).toEqual(['s1', 's2']);
  });

  it('who is granted something while a stream runs, has it ordered for at once', () => {
    const p = promoter();
    p.take(switchedOn(1), started('s1', 2));
    expect(p.merchant().orders).toEqual([]);
    p.take(granted({ ...much, at: 3, expires: A_MONTH }));
    expect(p.merchant().orders).toMatchObject([
      { targetId: 's1', deadlineMs: minute(33) },
    ]);
  });

  it('that was off for a while, is planned for at once', () => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2), switchedOff(3), switchedOn(4));
    expect(p.merchant().orders).toMatchObject([
      { targetId: 's1', deadlineMs: minute(34), slot: { capacity: 5_000 } },
    ]);
  });

  it('that is turned off and on again and again, has no more room than there is', () => {
    const p = promoter({});
    p.take(started('s1', 1));
    for (let at = 2; at < 32; at += 1)
      p.take(switchedOn(at), switchedOff(at + 0.5));
    const { live } = p.merchant().spending!.memory.habits;
    // An hour's at 10,000, of which the last slot's end lies ahead.
    expect(sumOf(live!.roomByHour)).toBeLessThanOrEqual(10_000);
    expect(live!.slots).toBeLessThanOrEqual(2);
  });

  it('has nothing planned while the switch is off', () => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2), switchedOff(3));
    p.take(timePasses(60), published('v1', 61));
    expect(p.merchant().orders).toEqual([]);
  });
});

describe('orders', () => {
  it('grow while all of them comes, and shrink with what does not', () => {
    const p = promoter({ expires: 600 });
    p.take(started('s1', 1), switchedOn(2));
    const room = () => p.merchant().spending!.roomPerHour.session;
    const order = p.merchant().orders[0]!;
    expect(order.parts[0]!.amount).toBe(5_000n);
    p.take(delivered(p.lastOrder(), 5_000, 20));
    p.take(closed(p.lastOrder(), 'completed', 21));
    expect(room()).toBe(15_000);
    p.take(timePasses(32));
    p.take(delivered(p.lastOrder(), 100, 40));
    p.take(closed(p.lastOrder(), 'completed', 62));
    expect(room()).toBeLessThan(8_000);
  });

  it.each([
    ['turned off', () => switchedOff(3)],
    ['limited', () => switchedOn(3, 'm1', { placements: ['short_video'] })],
  ])('say nothing of the room where the switch is %s meanwhile', (_, end) => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2), end());
    expect(p.merchant().orders).toEqual([]);
    p.take(switchedOn(4), timePasses(32));
    expect(p.merchant().orders).toMatchObject([
      { targetId: 's1', slot: { capacity: 5_000 } },
    ]);
  });

  it.each([
    ['rejects them', () => closed('promotions-0-2', 'rejected', 3)],
    ['is away', () => timePasses(42)],
  ])('say nothing of the room where ad delivery %s', (_, end) => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2), end());
    p.take(timePasses(43));
    expect(p.merchant().orders).toMatchObject([{ slot: { capacity: 5_000 } }]);
  });

  it('say that there is no room where nothing comes by their end', () => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2));
    p.take(closed(p.lastOrder(), 'completed', 31), timePasses(43));
    expect(p.merchant().orders).toMatchObject([{ slot: { capacity: 2_500 } }]);
  });

  it('press a lot that is about to expire, and do not outlive it', () => {
    const small = { lotId: 'soon', amount: 3_000, expires: 20 };
    const p = promoter(small);
    p.take(started('s1', 1), switchedOn(2));
    expect(ordersOf(p)).toEqual([['s1', 3_000]]);
    expect(p.merchant().orders[0]!.deadlineMs).toBe(minute(20));
  });

  it('only try a video that has sold nothing, and give to one that sells', () => {
    const p = promoter({ amount: 200_000, expires: 4 * 24 * 60 });
    p.take(published('good', 1), published('bad', 1), switchedOn(2));
    for (let at = 3; at < 2 * 24 * 60; at += 60) {
      reportAll(p, at, (targetId) => targetId === 'good');
      p.take(timePasses(at + 30));
    }
    const sums = new Map<string, number>();
    for (const { cause, occurredAtMs } of p.drafts)
      if (cause.type === 'promotion_ordered' && occurredAtMs > minute(24 * 60))
        sums.set(
          cause.videoId!,
          (sums.get(cause.videoId!) ?? 0) + Number(cause.impressions),
        );
    expect(sums.get('good')!).toBeGreaterThan(3 * sums.get('bad')!);
  });

  it('give a new clip more if clips of its kind have sold well', () => {
    const p = promoter();
    p.take(switchedOn(1));
    for (let n = 0; n < 48; n += 1) {
      const at = 2 + n * 60;
      const lot = { lotId: `l${n}`, unit: 'VIDEO_IMP', amount: 5_000 } as const;
      p.take(granted({ ...lot, at, expires: at + 24 * 60 }));
      publishClips(p, n, at);
      reportAll(p, at + 30, (targetId) => targetId.startsWith('explanation'));
      p.take(timePasses(at + 59));
    }
    const [teaser, explanation] = p.drafts
      .flatMap(({ cause }) => (cause.type === 'promotion_ordered' ? cause : []))
      .slice(-2);
    // Waiting for a grant, neither of them had been tried before.
    expect(teaser!.decision.slot).toMatchObject({ clipKind: 'teaser' });
    expect(explanation!.decision.slot).toMatchObject({
      kind: 'clip',
      clipKind: 'explanation',
    });
    expect(Number(explanation!.impressions)).toBeGreaterThan(
      3 * Number(teaser!.impressions),
    );
    // What is new is tried without a draw.
    expect(teaser!.decision).toMatchObject({ explored: true });
    expect(teaser!.decision).not.toHaveProperty('drawnWith');
    expect(explanation!.decision).not.toHaveProperty('explored');
  });

  it('keep to the limits of the switch', () => {
    const p = promoter({});
    p.take(started('s1', 1), published('v1', 1));
    p.take(
      switchedOn(2, 'm1', {
        dailyCapImpressions: 7_000,
        minimumImpressionsPerSession: 6_000,
      }),
    );
    expect(ordersOf(p)).toEqual([
      ['s1', 6_000],
      ['v1', 1_000],
    ]);
  });

  it('say what they were decided on, and what else was weighed', () => {
    const p = promoter({});
    p.take(started('s1', 1), published('v1', 1), switchedOn(2));
    expect(p.drafts.at(-1)!.cause).toMatchObject({
      type: 'promotion_ordered',
      decision: {
        policy: SPENDING_POLICY,
        slot: { kind: 'video', capacity: 4_000 },
        expected: { gmvMinorPerThousand: expect.any(Number) as number },
        prices: { any: 0 },
        alternatives: [{ targetId: 's1', impressions: 5_000 }],
      },
    });
  });

  it('say all the other targets of their round, those after them too, the most promising eight at most', () => {
    const p = promoter({});
    for (let n = 0; n < 12; n += 1) p.take(published(`v${n}`, 1));
    p.take(started('s1', 1), switchedOn(2));
    const decisions = decisionsOf(p);
    expect(decisions).toHaveLength(13);
    for (const { alternatives = [] } of decisions)
      expect(alternatives).toHaveLength(8);
    const [first] = promoterOfTwo().drafts.flatMap(({ cause }) =>
      cause.type === 'promotion_ordered' ? cause : [],
    );
    expect(first).toMatchObject({
      sessionId: 's1',
      decision: { alternatives: [{ targetId: 'v1', impressions: 4_000 }] },
    });
  });

  it('say that they explore, and what they were drawn with, only where the price was not right for so many', () => {
    const p = promoter({ amount: 200_000, expires: 9 * 24 * 60 });
    p.take(published('good', 1), published('bad', 1), switchedOn(2));
    for (let at = 3; at < 8 * 24 * 60; at += 60) {
      reportAll(p, at, (targetId) => targetId === 'good');
      p.take(timePasses(at + 30));
    }
    const explored = p.drafts.filter(
      ({ cause }) =>
        cause.type === 'promotion_ordered' && cause.decision.explored,
    );
    const drawn = explored.flatMap(({ cause, occurredAtMs }) =>
      cause.type === 'promotion_ordered' && cause.decision.drawnWith
        ? [[cause.decision.drawnWith, `${cause.videoId!}/${occurredAtMs}`]]
        : [],
    );
    expect(drawn.length).toBeGreaterThan(0);
    for (const [seed, targetAndInstant] of drawn)
      expect(seed).toBe(targetAndInstant);
    expect(explored.length).toBeLessThan(decisionsOf(p).length / 2);
    expect(decisionsOf(p).filter((one) => 'explored' in one)).toHaveLength(
      explored.length,
    );
  });

  it('do not say that they explore where a limit asked for as many', () => {
    const p = promoter({ lotId: 'soon', expires: 30 * 24 * 60 });
    p.take(started('s1', 1));
    p.take(switchedOn(2, 'm1', { minimumImpressionsPerSession: 6_000 }));
    expect(decisionsOf(p)).toHaveLength(1);
    expect(decisionsOf(p)[0]).not.toHaveProperty('explored');
  });

  it('of a stream that has ended are learnt from like others', () => {
    const p = promoter({});
    p.take(started('s1', 1), switchedOn(2));
    p.take(delivered(p.lastOrder(), 2_000, 10), ended('s1', 11));
    expect(p.merchant().spending!.memory).toMatchObject({
      category: 'food',
      orders: 1,
      gmvMinor: 990,
    });
  });
});
