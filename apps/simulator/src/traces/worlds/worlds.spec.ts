import type { TraceSlot } from '@app/promotion';
import {
  groupBy,
  median,
  roomOf,
  slotsOf,
} from '../../../test/trace-figures.js';
import { DAY_MS, HOUR_MS } from '../../world/calendar.js';
import type { TraceWorld } from '../trace-world.js';
import { spanOf, trace } from '../trace.js';
import { festival } from './festival.js';
import { newcomers } from './newcomers.js';
import { shocks } from './shocks.js';
import { videoHeavy } from './video-heavy.js';

const OPTIONS = { merchants: 60, days: 28, seed: '7' };

describe('the festival', () => {
  const slots = slotsIn(festival);
  const elevenMs = Date.parse('2024-11-11T00:00:00+08:00');
  const eleventh = between(slots, elevenMs, elevenMs + DAY_MS);
  const weekBefore = between(slots, elevenMs - 7 * DAY_MS, elevenMs);

  it('has Double 11 in it, however long it is', () => {
    for (const days of [1, 2, 28, 366]) {
      const { startMs, endMs } = spanOf(festival, days);
      expect(startMs).toBeLessThanOrEqual(elevenMs);
      expect(endMs).toBeGreaterThan(elevenMs);
    }
  });

  it('has far more room on the day, and impressions bring more', () => {
    expect(roomOf(eleventh)).toBeGreaterThan((1.4 * roomOf(weekBefore)) / 7);
    expect(median(eleventh.map(topRate))).toBeGreaterThan(
      1.2 * median(weekBefore.map(topRate)),
    );
  });

  it('has streams at hours that a merchant keeps', () => {
    const streams = groupBy(
      slots.filter(({ targetKind }) => targetKind === 'session'),
      ({ targetId }) => targetId,
    );
    const starts = Array.from(streams.values(), ([first]) => first!);
    const byMerchant = groupBy(starts, ({ merchantId }) => merchantId);
    const nearTheUsual = Array.from(byMerchant.values())
      .filter((own) => own.length >= 10)
      .map((own) => {
        const hours = own.map(({ atMs }) => (atMs / HOUR_MS) % 24);
        const usual = median(hours);
        return (
          hours.filter((hour) => Math.abs(hour - usual) < 2).length / own.length
        );
      });
    expect(nearTheUsual.length).toBeGreaterThan(20);
    expect(median(nearTheUsual)).toBeGreaterThan(0.6);
    expect(median(nearTheUsual)).toBeLessThan(1);
  });
});

describe('shocks', () => {
  const slots = slotsIn(shocks);
  const { startMs, endMs } = spanOf(shocks, OPTIONS.days);
  const atShare = (share: number) => startMs + share * (endMs - startMs);

  it('have days on which hardly anybody goes live', () => {
    const holidayMs = atShare(0.4);
    const live = slots.filter(({ placement }) => placement === 'live');
    const holiday = between(live, holidayMs + DAY_MS, holidayMs + 3 * DAY_MS);
    const before = between(live, holidayMs - 2 * DAY_MS, holidayMs);
    expect(holiday.length).toBeLessThan(before.length / 4);
  });

  it('have an audience that moves to video', () => {
    const liveShare = (some: readonly TraceSlot[]) =>
      roomOf(some.filter(({ placement }) => placement === 'live')) /
      roomOf(some);
    const before = liveShare(between(slots, startMs, atShare(0.35)));
    const after = liveShare(between(slots, atShare(0.8), endMs));
    expect(after).toBeLessThan(before / 2);
  });

  it('have hours in which nothing begins', () => {
    const starts = slots.map(({ atMs }) => atMs);
    const gaps = starts.slice(1).map((atMs, i) => atMs - starts[i]!);
    expect(gaps.filter((gap) => gap > 2 * HOUR_MS).length).toBeGreaterThan(2);
    const quiet = slotsIn(festival).map(({ atMs }) => atMs);
    expect(
      Math.max(...quiet.slice(1).map((atMs, i) => atMs - quiet[i]!)),
    ).toBeLessThan(2 * HOUR_MS);
  });

  it('have campaigns that grant much to most on one day, soon to expire', () => {
    const lots = Array.from(trace(shocks, OPTIONS), ({ event }) => event)
      .filter((event) => event.kind === 'lot')
      .filter(({ atMs, expiresAtMs }) => expiresAtMs - atMs < 31 * HOUR_MS);
    const merchantsByHour = groupBy(lots, ({ atMs }) =>
      Math.floor(atMs / HOUR_MS),
    );
    const most = Math.max(
      ...Array.from(merchantsByHour.values(), (some) => some.length),
    );
    expect(most).toBeGreaterThan(0.3 * OPTIONS.merchants);
  });
});

describe('newcomers', () => {
  it('mostly join on the way, and have few slots each', () => {
    const { startMs } = spanOf(newcomers, OPTIONS.days);
    const joins = Array.from(trace(newcomers, OPTIONS)).filter(
      ({ event }) => event.kind === 'merchant',
    );
    const late = joins.filter(({ atMs }) => atMs > startMs + 3 * DAY_MS);
    expect(late.length).toBeGreaterThan(0.6 * joins.length);
    expect(slotsEach(newcomers)).toBeLessThan(slotsEach(festival) / 3);
  });
});

describe('video-heavy', () => {
  it('is nearly all video, with several at a time', () => {
    const slots = slotsIn(videoHeavy);
    const videos = slots.filter(({ placement }) => placement === 'short_video');
    expect(videos.length).toBeGreaterThan(0.9 * slots.length);
    const byMerchantAndDay = groupBy(
      videos,
      ({ merchantId, atMs }) => `${merchantId}/${Math.floor(atMs / DAY_MS)}`,
    );
    const videosADay = Array.from(
      byMerchantAndDay.values(),
      (some) => new Set(some.map(({ targetId }) => targetId)).size,
    );
    expect(median(videosADay)).toBeGreaterThanOrEqual(3);
  });
});

function slotsIn(world: TraceWorld): TraceSlot[] {
  return slotsOf(Array.from(trace(world, OPTIONS), ({ event }) => event));
}

function slotsEach(world: TraceWorld): number {
  const byMerchant = groupBy(slotsIn(world), (slot) => slot.merchantId);
  return median(Array.from(byMerchant.values(), (slots) => slots.length));
}

function between(
  slots: readonly TraceSlot[],
  fromMs: number,
  untilMs: number,
): TraceSlot[] {
  return slots.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
}

function topRate({ segments }: TraceSlot): number {
  return segments[0]!.gmvMinorPerThousand;
}
