import fc from 'fast-check';
import {
  autoPromotionLimits,
  UNITS,
  type AutoPromotionLimits,
  type Placement,
} from '@app/contracts';
import type { PromotionInput } from '../src/index.js';
import {
  closed,
  delivered,
  ended,
  granted,
  published,
  registered,
  started,
  switchedOff,
  switchedOn,
  takenBack,
  timePasses,
} from './inputs.js';
import { PromoterInMemory } from './promoter-in-memory.js';

/** An input that is yet to be told when and to whom it happens, and which orders there are. */
type Happening = (
  context: Readonly<{
    at: number;
    merchantId: string;
    p: PromoterInMemory;
    /** Of the inputs ahead. */
    count: number;
  }>,
) => PromotionInput;

const grants: fc.Arbitrary<Happening> = fc
  .record({
    unit: fc.constantFrom('LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP', ...UNITS),
    amount: fc.oneof(fc.integer({ min: 1, max: 900 }), fc.constant(25_000)),
    // Some have expired by then, some expire soon.
    life: fc.constantFrom(-30, 20, 55, 90, 300, 9_000),
    lag: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 60),
  })
  .map(({ unit, amount, life, lag }) => ({ at, merchantId, p, count }) => {
    const [lotId, sequence] = [`lot-${count}`, count + 1];
    const [expires, recorded] = [at + life, at + lag];
    const keptBack = Math.min(amount, Number(p.owedBy(merchantId, unit)));
    return granted(
      { lotId, unit, amount, at, expires, recorded, keptBack, sequence },
      merchantId,
    );
  });

/** Of one or two grants, the newest first; often more than was granted, and now and then again. */
const takingsBack: fc.Arbitrary<Happening> = fc
  .record({
    pick: fc.nat({ max: 1_000 }),
    amount: fc.constantFrom(1, 90, 500, 900, 30_000),
    lag: fc.constantFrom(0, 0, 1, 60),
  })
  .map(({ pick, amount, lag }) => ({ at, merchantId, p, count }) => {
    const lots = p.lotsOf(merchantId);
    const first = pick % Math.max(1, lots.length);
    const named = lots.slice(first, first + 1 + (pick % 2)).reverse();
    return takenBack(
      Object.fromEntries(named.map(({ lotId }) => [lotId, amount])),
      at,
      { merchantId, recorded: at + lag, sequence: count + 1 },
    );
  });

/** Mostly of an open order, else of any entry's; of too many impressions or of none. */
const reports: fc.Arbitrary<Happening> = fc
  .record({
    pick: fc.nat({ max: 1_000 }),
    impressions: fc.constantFrom(0, 1, 90, 500, 20_000, 50_000),
    end: fc.constantFrom(
      ...([null, null, null, null, 'completed', 'rejected'] as const),
      ...(['cancelled', 'session_ended'] as const),
    ),
  })
  .map(({ pick, impressions, end }) => ({ at, merchantId, p }) => {
    const open = p
      .merchant(merchantId)
      .orders.map(({ promotionOrderId }) => promotionOrderId);
    const any = p.drafts.map((_, i) => `promotions-0-${i + 1}`);
    const ids = pick % 5 === 0 || open.length === 0 ? any : open;
    const id = ids[pick % ids.length] ?? 'promotions-0-0';
    return end
      ? closed(id, end, at, merchantId)
      : delivered(id, impressions, at, merchantId);
  });

const limits: fc.Arbitrary<AutoPromotionLimits> = fc
  .record(
    {
      dailyCapImpressions: fc.constantFrom(90, 900, 25_000),
      placements: fc.constantFrom<Placement[][]>(
        ['live'],
        ['short_video'],
        ['short_video', 'live'],
      ),
      minimumImpressionsPerSession: fc.constantFrom(1, 300, 22_000),
    },
    { requiredKeys: [] },
  )
  .filter((limits) => autoPromotionLimits.safeParse(limits).success);

/** Streams are named by their hour, so that there are new ones all day. */
const others = fc
  .record({
    kind: fc.constantFrom(
      ...(['start', 'start', 'end', 'video', 'time', 'time'] as const),
      ...(['on', 'on', 'on', 'off', 'register'] as const),
    ),
    number: fc.constantFrom(1, 2),
    shoppable: fc.boolean(),
    limits: fc.option(limits, { nil: undefined }),
  })
  .map(
    ({ kind, number, shoppable, limits }): Happening =>
      ({ at, merchantId }) => {
        const sessionId = `s${number}-${Math.floor(at / 60)}`;
        switch (kind) {
          case 'start':
            return started(sessionId, at, merchantId);
          case 'register':
            return registered(`category ${number}`, at, merchantId);
          case 'end':
            return ended(sessionId, at, merchantId);
          case 'video':
            return published(`v${number}`, at, { shoppable, merchantId });
          case 'time':
            return timePasses(at, merchantId);
          case 'on':
            return switchedOn(at, merchantId, limits);
          case 'off':
            return switchedOff(at, merchantId);
        }
      },
  );

/** A day of two merchants: time mostly goes on, and now and then back. Some inputs come twice. */
export const anyInputs: fc.Arbitrary<PromotionInput[]> = fc
  .array(
    fc.record({
      happening: fc.oneof(grants, reports, takingsBack, others),
      minutes: fc.constantFrom(0, 1, 1, 5, 12, 45, -20),
      merchantId: fc.constantFrom('m1', 'm1', 'm1', 'm2'),
      twice: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((day) => {
    const p = new PromoterInMemory();
    const inputs: PromotionInput[] = [];
    let at = 0;
    for (const { happening, minutes, merchantId, twice } of day) {
      at = Math.max(0, at + minutes);
      const input = happening({ at, merchantId, p, count: inputs.length });
      // The grants journal has no entry twice.
      const times = twice && input.kind !== 'entry' ? 2 : 1;
      for (let i = 0; i < times; i++) {
        p.take(input);
        inputs.push(input);
      }
    }
    return inputs;
  });
