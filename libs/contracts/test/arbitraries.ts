import fc from 'fast-check';
import {
  autoPromotionLimits,
  CHANNELS,
  PLACEMENTS,
  type ActivityCloudEvent,
  type ActivityData,
  type ActivityType,
  type AutoPromotionLimits,
} from '@app/contracts';

const identifier = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  // oxlint-disable-next-line no-control-regex
  .filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
const amount = fc.maxSafeNat();
const channel = fc.constantFrom(...CHANNELS);

/** Any limits that a merchant may set. */
export const anyLimits: fc.Arbitrary<AutoPromotionLimits> = fc
  .record(
    {
      dailyCapImpressions: fc.integer({ min: 1 }),
      placements: fc.shuffledSubarray([...PLACEMENTS], { minLength: 1 }),
      minimumImpressionsPerSession: fc.integer({ min: 1 }),
    },
    { requiredKeys: [] },
  )
  .filter((limits) => autoPromotionLimits.safeParse(limits).success);

type DataArbitraries = {
  [T in ActivityType]: fc.Arbitrary<ActivityData<T>>;
};

function some<Data>(
  model: { [K in keyof Data]: fc.Arbitrary<Data[K]> },
  ...required: (keyof Data)[]
): fc.Arbitrary<Data> {
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Data>;
}

const data: DataArbitraries = {
  'merchant.registered': fc.record({ category: identifier, followers: amount }),
  'live.started': fc.record({ sessionId: identifier, followers: amount }),
  'live.ended': fc.record({ sessionId: identifier, durationSeconds: amount }),
  'order.paid': some<ActivityData<'order.paid'>>(
    {
      orderId: identifier,
      amountMinor: amount,
      channel,
      sessionId: identifier,
      videoId: identifier,
      productId: identifier,
    },
    'orderId',
    'amountMinor',
    'channel',
  ),
  'order.refunded': some<ActivityData<'order.refunded'>>(
    {
      orderId: identifier,
      amountMinor: amount,
      returnFreightMinor: amount,
    },
    'orderId',
    'amountMinor',
  ),
  'follower.gained': some<ActivityData<'follower.gained'>>(
    {
      count: fc.integer({ min: 1 }),
      channel,
      sessionId: identifier,
      videoId: identifier,
    },
    'count',
    'channel',
  ),
  'video.published': some<ActivityData<'video.published'>>(
    {
      videoId: identifier,
      shoppable: fc.boolean(),
      clip: fc.record({
        sessionId: identifier,
        kind: fc.constantFrom('explanation', 'highlight', 'teaser'),
      }),
    },
    'videoId',
    'shoppable',
  ),
  'product.listed': fc.record({ productId: identifier }),
  'ads.spent': fc.record({ amountMinor: amount }),
  'risk.flagged': fc.record({
    target: fc.record({
      kind: fc.constantFrom('order', 'session', 'merchant'),
      id: identifier,
    }),
    reason: identifier,
  }),
  'auto_promotion.enabled': some<ActivityData<'auto_promotion.enabled'>>(
    { by: identifier, limits: anyLimits },
    'by',
  ),
  'auto_promotion.disabled': fc.record({ by: identifier }),
};

const time = fc
  .date({
    min: new Date('2000-01-01T12:00:00Z'),
    max: new Date('2099-12-31T00:00:00Z'),
    noInvalidDate: true,
  })
  .chain((date) =>
    fc
      .constantFrom('Z', '+08:00', '-03:30')
      .map((offset) => date.toISOString().replace('Z', offset)),
  );

/** Any event of `merchant.activity.v1`. */
export const anyActivity = fc
  .constantFrom(...(Object.keys(data) as ActivityType[]))
  .chain((type) =>
    fc.record({
      specversion: fc.constant('1.0'),
      source: identifier,
      id: identifier,
      type: fc.constant(type),
      subject: identifier,
      time,
      data: data[type] as fc.Arbitrary<unknown>,
    }),
  ) as fc.Arbitrary<ActivityCloudEvent>;
