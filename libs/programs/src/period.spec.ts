import fc from 'fast-check';
import { timeMs } from '../test/activity.js';
import { inWindow, periodKey } from './period.js';
import { PERIOD_KINDS } from './program.js';

const SHANGHAI = { timeZone: 'Asia/Shanghai' };
const NEW_YORK = { timeZone: 'America/New_York' };

describe('periodKey', () => {
  it.each([
    ['day', '2024-11-11T00:00:00', 'day:2024-11-11'],
    ['day', '2024-11-10T23:59:59.999', 'day:2024-11-10'],
    ['week', '2024-11-11T00:00:00', 'week:2024-11-11'],
    ['week', '2024-11-17T23:59:59.999', 'week:2024-11-11'],
    ['week', '2024-11-18T00:00:00', 'week:2024-11-18'],
    ['week', '2025-01-01T12:00:00', 'week:2024-12-30'],
    ['week', '2000-01-01T08:00:00', 'week:1999-12-27'],
    ['month', '2024-02-29T23:59:59.999', 'month:2024-02'],
    ['month', '2024-03-01T00:00:00', 'month:2024-03'],
    ['window', '2024-03-01T00:00:00', 'window'],
  ] as const)('names the %s of %s in Shanghai %s', (kind, time, key) => {
    expect(periodKey(kind, timeMs(time), SHANGHAI)).toBe(key);
  });

  it.each([
    // 23 hours long.
    ['2024-03-10T04:59:59.999Z', 'day:2024-03-09'],
    ['2024-03-10T05:00:00Z', 'day:2024-03-10'],
    ['2024-03-11T03:59:59.999Z', 'day:2024-03-10'],
    ['2024-03-11T04:00:00Z', 'day:2024-03-11'],
    // 25 hours long.
    ['2024-11-03T04:00:00Z', 'day:2024-11-03'],
    ['2024-11-04T04:59:59.999Z', 'day:2024-11-03'],
    ['2024-11-04T05:00:00Z', 'day:2024-11-04'],
  ])('follows the calendar where clocks change: %s is %s', (time, key) => {
    expect(periodKey('day', timeMs(time), NEW_YORK)).toBe(key);
  });

  it('names a week by a Monday, at most six days ahead of the day', () => {
    const times = fc.integer({
      min: Date.parse('2000-01-01T00:00:00Z'),
      max: Date.parse('2099-12-31T00:00:00Z'),
    });
    fc.assert(
      fc.property(times, (atMs) => {
        const monday = dateIn(periodKey('week', atMs, NEW_YORK));
        const day = dateIn(periodKey('day', atMs, NEW_YORK));
        expect(monday.getUTCDay()).toBe(1);
        const days = (day.getTime() - monday.getTime()) / 86_400_000;
        expect([0, 1, 2, 3, 4, 5, 6]).toContain(days);
      }),
    );
  });

  it.each(PERIOD_KINDS)('never goes back: %s', (kind) => {
    const times = fc.integer({ min: 946_684_800_000, max: 1_900_000_000_000 });
    const steps = fc.integer({ min: 0, max: 40 * 86_400_000 });
    fc.assert(
      fc.property(times, steps, (atMs, step) => {
        const now = periodKey(kind, atMs, NEW_YORK);
        const later = periodKey(kind, atMs + step, NEW_YORK);
        expect(now <= later).toBe(true);
      }),
    );
  });
});

describe('inWindow', () => {
  it('takes the first millisecond and not the last', () => {
    const program = { window: { fromMs: 1_000, untilMs: 2_000 } };
    const taken = [999, 1_000, 1_999, 2_000].map((ms) => inWindow(program, ms));
    expect(taken).toEqual([false, true, true, false]);
  });

  it('is always open where a program has none', () => {
    expect(inWindow({ window: null }, 0)).toBe(true);
  });
});

function dateIn(key: string): Date {
  return new Date(`${key.slice(key.indexOf(':') + 1)}T00:00:00Z`);
}
