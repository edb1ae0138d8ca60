import { entryId, move, type Cause, type ExplainableEntry } from '@app/ledger';

const EVENT = {
  topic: 'merchant.activity.v1',
  partition: 3,
  offset: '17',
  source: 'urn:shop:orders',
  id: 'paid-1',
};
const LOT = entryId('grants', 10, 5n);
const AGREEMENT = {
  reason: '系统故障补偿',
  proposalId: 'p-1',
  proposedBy: 'li',
  proposedAt: '2024-11-11T11:00:00.000Z',
  approvedBy: 'wang',
  approvedAt: '2024-11-11T12:00:00.000Z',
};
const RULE = { program: 'order-ladder', version: 1 };

export const GOAL = {
  type: 'goal_reached',
  ...RULE,
  goal: 'weekly-orders',
  tier: '10-orders',
  period: 'week:2024-11-11',
  metric: 'orders',
  value: 12,
  threshold: 10,
  promised: 1_000,
  poolRanDry: false,
  expiresAt: '2024-12-11T12:00:00.000Z',
  events: [EVENT],
} as const satisfies Cause;

/** An order for more than the price was right for. */
function exploring(drawn: { drawnWith?: string }): Cause {
  return {
    type: 'promotion_ordered',
    promotionOrderId: 'promotions-10-3',
    placement: 'short_video',
    videoId: 'v1',
    impressions: 200,
    deadline: '2024-11-11T13:00:00.000Z',
    decision: {
      policy: 'price-of-traffic/2',
      spendable: 1_000,
      slot: {
        kind: 'clip',
        clipKind: 'teaser',
        capacity: 4_000,
        until: '2024-11-11T13:00:00.000Z',
      },
      expected: { gmvMinorPerThousand: 1_000, spreadPercent: 40 },
      prices: { any: 6_000 },
      explored: true,
      ...drawn,
      alternatives: [],
    },
  };
}

const LEASE = {
  type: 'pool_leased',
  program: 'order-ladder',
  unit: 'ANY_IMP',
  fromShard: 3,
  toShard: 5,
} as const;

/** An entry of m1, at 20:00 in Shanghai on Double 11. */
export function explainable(
  cause: Cause,
  postings: ExplainableEntry['postings'],
  merchantId: string | null = 'm1',
): ExplainableEntry {
  const occurredAt = new Date('2024-11-11T12:00:00.000Z');
  return { merchantId, occurredAt, postings, cause };
}

const toAvailable = (amount: bigint) =>
  move('ANY_IMP', amount, 'pool:order-ladder', 'available', LOT);
const toPayable = (amount: bigint) =>
  move('CNY', amount, 'pool:order-ladder', 'payable');

/** One of each cause, and of each way in which a grant comes about. */
export const EXAMPLES = {
  budget: explainable(
    { type: 'program_published', ...RULE, programHash: '0123456789abcdef' },
    move('LIVE_IMP', 15_625_000n, 'issuance', 'pool:order-ladder'),
    null,
  ),
  lent: explainable(
    { ...LEASE, step: 'lend', left: 9_000, needed: 500 },
    move('ANY_IMP', 1_000n, 'pool:order-ladder', 'leased:order-ladder.3-5'),
    null,
  ),
  returned: explainable(
    { ...LEASE, step: 'return', fromShard: 5, toShard: 3, because: 'over' },
    move('ANY_IMP', 1_000n, 'pool:order-ladder', 'leased:order-ladder.5-3'),
    null,
  ),
  tier: explainable(GOAL, toAvailable(1_000n)),
  every: explainable(
    {
      ...GOAL,
      goal: 'live-followers',
      tier: 'every',
      period: 'stage:double-11',
      metric: 'followers',
      value: 41,
      threshold: 40,
    },
    toAvailable(600n),
  ),
  rate: explainable(
    {
      type: 'goal_reached',
      ...RULE,
      goal: 'gmv-rebate',
      tier: 'rate',
      period: 'month:2024-11',
      metric: 'gmvMinor',
      value: 1_234_550,
      threshold: 50,
      promised: 6_173,
      poolRanDry: false,
      settledAt: '2024-11-11T12:00:00.000Z',
      events: [],
    },
    toPayable(6_173n),
  ),
  'rate in impressions': explainable(
    {
      ...GOAL,
      goal: 'matched-spend',
      tier: 'rate',
      metric: 'adsSpentMinor',
      value: 10_000,
      threshold: 3_000,
      promised: 3_000,
    },
    toAvailable(3_000n),
  ),
  'rate at its most': explainable(
    {
      ...GOAL,
      goal: 'matched-spend',
      tier: 'rate',
      metric: 'adsSpentMinor',
      value: 2_000_000,
      threshold: 3_000,
      atMost: 300_000,
      promised: 300_000,
    },
    toAvailable(300_000n),
  ),
  channels: explainable(
    { ...GOAL, channels: ['live', 'short_video'] },
    toAvailable(1_000n),
  ),
  'days on air': explainable(
    {
      ...GOAL,
      goal: 'live-days',
      tier: '5-days',
      metric: 'liveDays',
      secondsADay: 5_400,
      value: 5,
      threshold: 5,
    },
    toAvailable(1_000n),
  ),
  difference: explainable(
    {
      ...GOAL,
      goal: 'live-sales',
      tier: 'gmv-20000',
      period: 'session:s1',
      metric: 'gmvMinor',
      channels: ['live'],
      value: 2_000_050,
      threshold: 2_000_000,
      promised: 47_000,
      deserved: 50_000,
      promisedBefore: 3_000,
    },
    toAvailable(47_000n),
  ),
  'another time zone': explainable(
    { ...GOAL, timeZone: 'America/New_York' },
    toAvailable(1_000n),
  ),
  draw: explainable(
    {
      ...GOAL,
      period: 'day:2024-11-11',
      promised: 301,
      draw: { from: 100, to: 500, seed: '0123456789abcdef'.repeat(4) },
    },
    toAvailable(301n),
  ),
  'pool share': explainable(
    {
      ...GOAL,
      goal: 'cold-start',
      tier: 'first-stream',
      period: 'lifetime',
      metric: 'firstStream',
      value: 1,
      threshold: 1,
      promised: 100_000,
      partsPerMillion: 1,
    },
    move('LIVE_IMP', 100_000n, 'pool:order-ladder', 'available', LOT),
  ),
  'capped, dry and kept back': explainable(
    { ...GOAL, capped: true, poolRanDry: true, keptBack: 200 },
    [
      ...move('ANY_IMP', 200n, 'pool:order-ladder', 'owed'),
      ...toAvailable(300n),
    ],
  ),
  'taken back': explainable(
    {
      type: 'reward_taken_back',
      ...RULE,
      goal: 'weekly-orders',
      period: 'week:2024-11-11',
      metric: 'orders',
      value: 8,
      rule: 'difference',
      because: 'refund',
      unit: 'ANY_IMP',
      amount: 1_000,
      lots: [
        { lotId: 'grants-10-7', amount: 600 },
        { lotId: LOT, amount: 400 },
      ],
      events: [EVENT],
    },
    [],
  ),
  'cash taken back': explainable(
    {
      type: 'reward_taken_back',
      ...RULE,
      goal: 'gmv-rebate',
      period: 'month:2024-11',
      metric: 'gmvMinor',
      value: 0,
      rule: 'all',
      because: 'flag',
      unit: 'CNY',
      amount: 6_173,
      lots: [],
      owed: 1_000,
      events: [EVENT],
    },
    [
      ...move('CNY', 5_173n, 'payable', 'clawed_back:order-ladder'),
      ...move('CNY', 1_000n, 'owed', 'clawed_back:order-ladder'),
    ],
  ),
  'lot taken back': explainable(
    {
      type: 'lot_taken_back',
      lotId: LOT,
      program: 'order-ladder',
      decidedBy: 'grants-10-9',
      asked: 1_000,
      owed: 400,
    },
    [
      ...move('ANY_IMP', 500n, 'available', 'clawed_back:order-ladder', LOT),
      ...move('ANY_IMP', 400n, 'owed', 'clawed_back:order-ladder', LOT),
    ],
  ),
  'lot with nothing left': explainable(
    {
      type: 'lot_taken_back',
      lotId: LOT,
      program: 'order-ladder',
      decidedBy: 'grants-10-9',
      asked: 1_000,
    },
    [],
  ),
  ordered: explainable(
    {
      type: 'promotion_ordered',
      promotionOrderId: 'promotions-10-2',
      placement: 'live',
      sessionId: 's1',
      impressions: 800,
      deadline: '2024-11-11T13:00:00.000Z',
      decision: { policy: 'one-order-a-placement/1', spendable: 1_000 },
    },
    [
      ...move('LIVE_IMP', 500n, 'available', 'reserved', LOT),
      ...move('ANY_IMP', 300n, 'available', 'reserved', LOT),
    ],
  ),
  'ordered by price': explainable(
    {
      type: 'promotion_ordered',
      promotionOrderId: 'promotions-10-3',
      placement: 'short_video',
      videoId: 'v1',
      impressions: 800,
      deadline: '2024-11-11T13:00:00.000Z',
      decision: {
        policy: 'price-of-traffic/1',
        spendable: 1_000,
        slot: {
          kind: 'clip',
          capacity: 4_000,
          until: '2024-11-11T13:00:00.000Z',
        },
        expected: { gmvMinorPerThousand: 8_150, spreadPercent: 40 },
        prices: { any: 6_000 },
        alternatives: [
          { targetId: 's1', gmvMinorPerThousand: 5_000, impressions: 200 },
        ],
      },
    },
    move('ANY_IMP', 800n, 'available', 'reserved', LOT),
  ),
  'ordered to explore': explainable(
    exploring({ drawnWith: 'v1/1731322800000' }),
    move('ANY_IMP', 200n, 'available', 'reserved', LOT),
  ),
  'ordered to explore what is new': explainable(
    exploring({}),
    move('ANY_IMP', 200n, 'available', 'reserved', LOT),
  ),
  delivered: explainable(
    {
      type: 'promotion_delivered',
      promotionOrderId: 'promotions-10-2',
      reportedImpressions: 450,
      clicks: 12,
      orders: 1,
      gmvMinor: 9_900,
      event: EVENT,
    },
    move('LIVE_IMP', 400n, 'reserved', 'spent:live', LOT),
  ),
  closed: explainable(
    {
      type: 'promotion_closed',
      promotionOrderId: 'promotions-10-2',
      reason: 'session_ended',
      event: EVENT,
    },
    move('ANY_IMP', 300n, 'reserved', 'available', LOT),
  ),
  'closed with nothing left': explainable(
    {
      type: 'promotion_closed',
      promotionOrderId: 'promotions-10-2',
      reason: 'deadline_passed',
      event: null,
    },
    [],
  ),
  expired: explainable(
    {
      type: 'lot_expired',
      lotId: LOT,
      program: 'order-ladder',
      expiresAt: '2024-11-11T12:00:00.000Z',
    },
    move('ANY_IMP', 1n, 'available', 'expired:order-ladder', LOT),
  ),
  switched: explainable(
    {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'm1',
      event: EVENT,
    },
    [],
  ),
  'switched with limits': explainable(
    {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'li',
      limits: {
        dailyCapImpressions: 10_000,
        placements: ['live'],
        minimumImpressionsPerSession: 500,
      },
      event: EVENT,
    },
    [],
  ),
  'limits alone': explainable(
    {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'm1',
      onlyLimits: true,
      limits: { dailyCapImpressions: 1 },
      event: EVENT,
    },
    [],
  ),
  'limits dropped': explainable(
    {
      type: 'auto_promotion_switched',
      enabled: true,
      by: 'm1',
      onlyLimits: true,
      event: EVENT,
    },
    [],
  ),
  give: explainable(
    {
      type: 'adjusted',
      adjustment: 'give',
      program: 'order-ladder',
      asked: 1_000,
      expiresAt: '2024-12-11T12:00:00.000Z',
      keptBack: 200,
      ...AGREEMENT,
    },
    [
      ...move('ANY_IMP', 200n, 'pool:order-ladder', 'owed'),
      ...toAvailable(800n),
    ],
  ),
  'take back': explainable(
    {
      type: 'adjusted',
      adjustment: 'take_back',
      program: 'order-ladder',
      lotId: LOT,
      asked: 100,
      ...AGREEMENT,
    },
    move('ANY_IMP', 100n, 'available', 'clawed_back:order-ladder', LOT),
  ),
  'budget cut': explainable(
    {
      type: 'adjusted',
      adjustment: 'budget',
      program: 'order-ladder',
      asked: -1_000,
      ...AGREEMENT,
    },
    move('ANY_IMP', 900n, 'pool:order-ladder', 'issuance'),
    null,
  ),
  cash: explainable(
    {
      type: 'adjusted',
      adjustment: 'cash',
      program: 'order-ladder',
      asked: 1_050,
      ...AGREEMENT,
    },
    toPayable(1_050n),
  ),
  payout: explainable(
    { type: 'adjusted', adjustment: 'payout', asked: 1_050, ...AGREEMENT },
    move('CNY', 1_050n, 'payable', 'paid_out'),
  ),
} satisfies Record<string, ExplainableEntry>;
