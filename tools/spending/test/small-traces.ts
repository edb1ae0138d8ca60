import * as fc from 'fast-check';
import type { TraceLot, TraceSlot } from '@app/promotion';
import type { Trace } from '../trace.js';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const MERCHANT_ID = 'm1';

export function lot(fields: Partial<TraceLot>): TraceLot {
  return {
    kind: 'lot',
    atMs: 0,
    merchantId: MERCHANT_ID,
    lotId: 'l1',
    unit: 'ANY_IMP',
    amount: 1_000,
    expiresAtMs: DAY_MS,
    ...fields,
  };
}

/** Streams an hour long; capacity follows from the segments. */
export function slot(fields: Partial<TraceSlot>): TraceSlot {
  const {
    atMs = 0,
    placement = 'live',
    segments = [{ impressions: 1_000, gmvMinorPerThousand: 500 }],
  } = fields;
  return {
    kind: 'slot',
    atMs,
    untilMs: atMs + HOUR_MS,
    merchantId: MERCHANT_ID,
    placement,
    targetId: 's1',
    targetKind: placement === 'live' ? 'session' : 'video',
    capacity: segments.reduce((sum, { impressions }) => sum + impressions, 0),
    segments,
    noise: 1,
    ...fields,
  };
}

/** Lots and slots in the order of their times. */
export function trace(lots: TraceLot[], slots: TraceSlot[]): Trace {
  const ids = new Set([...lots, ...slots].map(({ merchantId }) => merchantId));
  const byTime = (a: { atMs: number }, b: { atMs: number }) => a.atMs - b.atMs;
  return {
    merchants: new Map(
      [...ids].map((merchantId) => [
        merchantId,
        { kind: 'merchant', merchantId, category: 'food' },
      ]),
    ),
    lots: lots.toSorted(byTime),
    slots: slots.toSorted(byTime),
  };
}

const anyHourMs = fc.nat(9).map((hour) => hour * HOUR_MS);

const anyLot = fc.record({
  atMs: anyHourMs,
  lifeMs: fc.integer({ min: 1, max: 6 }).map((hours) => hours * HOUR_MS),
  unit: fc.constantFrom('LIVE_IMP', 'VIDEO_IMP', 'ANY_IMP'),
  amount: fc.integer({ min: 1, max: 8 }),
});

const anySlot = fc.record({
  atMs: anyHourMs,
  roomThatEarnsNothing: fc.nat(3),
  placement: fc.constantFrom('live', 'short_video'),
  segments: fc
    .array(
      fc.record({
        impressions: fc.integer({ min: 1, max: 5 }),
        gmvMinorPerThousand: fc.nat(20).map((fen) => fen * 1_000),
      }),
      { maxLength: 3 },
    )
    .map((segments) =>
      segments.sort((a, b) => b.gmvMinorPerThousand - a.gmvMinorPerThousand),
    ),
});

/** One merchant's few lots and slots within half a day, of so few impressions that each can be looked at by itself. */
export const anySmallTrace = fc
  .record({
    lots: fc.array(anyLot, { maxLength: 5 }),
    slots: fc.array(anySlot, { minLength: 1, maxLength: 6 }),
  })
  .map(({ lots, slots }) =>
    trace(
      lots.map(({ lifeMs, ...fields }, at) =>
        lot({
          ...fields,
          lotId: `l${at}`,
          expiresAtMs: fields.atMs + lifeMs,
        }),
      ),
      slots.map(({ roomThatEarnsNothing, ...fields }) => {
        const earning = slot(fields);
        return {
          ...earning,
          capacity: Math.max(1, earning.capacity + roomThatEarnsNothing),
        };
      }),
    ),
  );
