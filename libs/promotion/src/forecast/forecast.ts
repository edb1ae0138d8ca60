import { PLACEMENTS, type Placement } from '@app/contracts';
import { localDay } from '../local-day.js';
import type { MerchantPromotion } from '../merchant-promotion.js';
import { newMerchantSpending } from '../planning/merchant-spending.js';
import { roomOf } from '../planning/room-estimate.js';
import { unexpiredTraffic } from '../planning/spendable-lots.js';
import {
  mayBeSpentIn,
  type SharedMemory,
  type SpendableLot,
} from '../spending/index.js';
import { leftAtExpiry } from './fill-room.js';
import { roomAhead, underPlacements, type Span } from './room-ahead.js';

/** What expires on one day of one unit. */
export interface ExpiringDay {
  /** In Asia/Shanghai, `yyyy-mm-dd`: of the instant that the lots expire at. */
  day: string;
  unit: SpendableLot['unit'];
  /** What is left of these lots now, reserved or not. */
  left: number;
  /** What will be left of them when they expire; some may be none. */
  expiring: number;
}

/** What would use some of what expires. Each is on top of those ahead of it. */
export type Remedy =
  | { kind: 'switch_on' | 'allow_placements' | 'lift_daily_cap'; uses: number }
  | {
      kind: 'show_more';
      /** Before the lots of this day expire. */
      day: string;
      unit: SpendableLot['unit'];
      uses: number;
      /** So many hours of streaming, or else so many of videos, each counted; null where the unit is not for them. */
      hours: Record<Placement, number | null>;
    };

export interface Forecast {
  atMs: number;
  enabled: boolean;
  /** First day first; also days on which nothing will be left. */
  days: ExpiringDay[];
  /** None where nothing expires. */
  remedies: Remedy[];
}

const HOUR_MS = 3_600_000;
const SHOWN_BY = { live: 'session', short_video: 'video' } as const;

/**
 * What will expire of a merchant's lots if nothing changes: no new grants, streams and videos as they were used to, all
 * that there is room for taken. What is reserved is thought to be delivered, but where the switch is off, it comes back.
 *
 * @param shared what the merchant's shard has learnt; it is not changed
 * @param nowMs milliseconds since the epoch; an earlier one than the merchant's clock is that
 */
export function forecast(
  merchant: MerchantPromotion,
  shared: SharedMemory,
  nowMs: number,
): Forecast {
  const atMs = Math.max(nowMs, merchant.clockMs);
  const { enabled } = merchant.autoPromotion;
  const lots = lotsOf(merchant, atMs);
  const spans = roomAhead(
    merchant,
    shared,
    atMs,
    lots.map(({ expiresAtMs }) => expiresAtMs),
  );
  const withLimits = (changed: Partial<Changes>) =>
    leftUnderLimits(merchant, lots, spans, atMs, changed);

  const now = enabled
    ? withLimits({})
    : lots.map(({ available, reserved }) => available + reserved);
  const steps: [LimitRemedy, number[]][] = [
    ['switch_on', withLimits({})],
    ['allow_placements', withLimits({ anyPlacement: true })],
    ['lift_daily_cap', withLimits({ anyPlacement: true, noCap: true })],
  ];
  const remedies: Remedy[] = [];
  let left = now;
  for (const [kind, then] of steps) {
    const uses = sum(left) - sum(then);
    if (uses <= 0) continue;
    remedies.push({ kind, uses });
    left = then;
  }
  remedies.push(
    ...byDay(lots, left)
      .filter(({ expiring }) => expiring > 0)
      .map(({ day, unit, expiring }) =>
        showMore(merchant, day, unit, expiring),
      ),
  );
  return { atMs, enabled, days: byDay(lots, now), remedies };
}

type LimitRemedy = 'switch_on' | 'allow_placements' | 'lift_daily_cap';

interface Changes {
  anyPlacement: boolean;
  noCap: boolean;
}

/** A lot, and what of it orders have reserved. */
interface Lot extends SpendableLot {
  reserved: number;
}

function lotsOf(merchant: MerchantPromotion, atMs: number): Lot[] {
  return unexpiredTraffic(merchant, atMs)
    .map(({ lotId, unit, available, reserved, expiresAtMs }) => ({
      lotId,
      unit,
      expiresAtMs,
      available: Number(available),
      reserved: Number(reserved),
    }))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs);
}

function leftUnderLimits(
  { autoPromotion: { limits }, orderedToday }: MerchantPromotion,
  lots: readonly Lot[],
  spans: readonly Span[],
  atMs: number,
  { anyPlacement = false, noCap = false }: Partial<Changes>,
): number[] {
  const { dailyCapImpressions } = limits;
  return leftAtExpiry(
    lots,
    anyPlacement ? spans : underPlacements(spans, limits),
    (day) => {
      if (noCap || dailyCapImpressions === undefined) return Infinity;
      const used =
        day === localDay(atMs) && day === orderedToday.day
          ? Number(orderedToday.impressions)
          : 0;
      return Math.max(0, dailyCapImpressions - used);
    },
  );
}

function byDay(lots: readonly Lot[], left: readonly number[]): ExpiringDay[] {
  const days = new Map<string, ExpiringDay>();
  lots.forEach(({ unit, expiresAtMs, available, reserved }, lot) => {
    const day = localDay(expiresAtMs);
    const key = `${day} ${unit}`;
    const known = days.get(key) ?? { day, unit, left: 0, expiring: 0 };
    days.set(key, {
      ...known,
      left: known.left + available + reserved,
      expiring: known.expiring + left[lot]!,
    });
  });
  return [...days.values()];
}

function showMore(
  { spending }: MerchantPromotion,
  day: string,
  unit: SpendableLot['unit'],
  uses: number,
): Remedy {
  const hours: Record<Placement, number | null> = {
    live: null,
    short_video: null,
  };
  for (const placement of PLACEMENTS) {
    if (!mayBeSpentIn(unit, placement)) continue;
    const perHour = roomOf(
      spending ?? newMerchantSpending(),
      SHOWN_BY[placement],
      HOUR_MS,
    );
    hours[placement] = Math.ceil(uses / perHour);
  }
  return { kind: 'show_more', day, unit, uses, hours };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
