import fc from 'fast-check';
import { timeMs } from '../../test/activity.js';
import { calendar, type CalendarPeriod } from './calendar.js';

const SHANGHAI = calendar('Asia/Shanghai');
const NEW_YORK = calendar('America/New_York');

const KINDS: readonly CalendarPeriod[] = ['day', 'week', 'month'];
const anyTime = fc.integer({ min: 946_684_800_000, max: 1_900_000_000_000 });

function periodOf(days: typeof SHANGHAI, kind: CalendarPeriod, atMs: number) {
  return days.periodOf(kind, days.localDay(atMs));
}

describe('the calendar of a time zone', () => {
  it.each([
    ['day', '2024-11-11T00:00:00', 'day:2024-11-11', '2024-11-12T00:00:00'],
    ['day', '2024-11-10T23:59:59.999', 'day:2024-11-10', '2024-11-11T00:00:00'],
    ['week', '2024-11-11T00:00:00', 'week:2024-11-11', '2024-11-18T00:00:00'],
    [
      'week',
      '2024-11-17T23:59:59.999',
      'week:2024-11-11',
      '2024-11-18T00:00:00',
    ],
    ['week', '2025-01-01T12:00:00', 'week:2024-12-30', '2025-01-06T00:00:00'],
    ['week', '2000-01-01T08:00:00', 'week:1999-12-27', '2000-01-03T00:00:00'],
    [
      'month',
      '2024-02-29T23:59:59.999',
      'month:2024-02',
      '2024-03-01T00:00:00',
    ],
    ['month', '2024-12-01T00:00:00', 'month:2024-12', '2025-01-01T00:00:00'],
  ] as const)(
    'has a %s of %s in Shanghai: %s, until %s',
    (kind, time, key, end) => {
      expect(periodOf(SHANGHAI, kind, timeMs(time))).toEqual({
        key,
        endMs: timeMs(end),
      });
    },
  );

  it.each([
    // 23 hours long.
    ['2024-03-10T04:59:59.999Z', 'day:2024-03-09', '2024-03-10T05:00:00Z'],
    ['2024-03-10T05:00:00Z', 'day:2024-03-10', '2024-03-11T04:00:00Z'],
    ['2024-03-11T04:00:00Z', 'day:2024-03-11', '2024-03-12T04:00:00Z'],
    // 25 hours long.
    ['2024-11-03T04:00:00Z', 'day:2024-11-03', '2024-11-04T05:00:00Z'],
    ['2024-11-04T04:59:59.999Z', 'day:2024-11-03', '2024-11-04T05:00:00Z'],
    ['2024-11-04T05:00:00Z', 'day:2024-11-04', '2024-11-05T05:00:00Z'],
  ])('follows the clocks where they change: %s is %s', (time, key, end) => {
    expect(periodOf(NEW_YORK, 'day', timeMs(time))).toEqual({
      key,
      endMs: timeMs(end),
    });
  });

  it('begins a day at the change where the clocks pass midnight over', () => {
    const beirut = calendar('Asia/Beirut');
    const day = beirut.localDay(Date.parse('2024-03-31T12:00:00+03:00'));
    expect(new Date(beirut.dayStartMs(day)).toISOString()).toBe(
      '2024-03-30T22:00:00.000Z',
    );
  });

  it('names a week by a Monday, at most six days ahead of the day', () => {
    fc.assert(
      fc.property(anyTime, (atMs) => {
        const monday = dateIn(periodOf(NEW_YORK, 'week', atMs).key);
        const day = dateIn(periodOf(NEW_YORK, 'day', atMs).key);
        expect(monday.getUTCDay()).toBe(1);
        const days = (day.getTime() - monday.getTime()) / 86_400_000;
        expect([0, 1, 2, 3, 4, 5, 6]).toContain(days);
      }),
    );
  });

  it.each(KINDS)('puts every instant before the end of its %s', (kind) => {
    fc.assert(
      fc.property(anyTime, (atMs) => {
        const { key, endMs } = periodOf(NEW_YORK, kind, atMs);
        expect(endMs).toBeGreaterThan(atMs);
        expect(periodOf(NEW_YORK, kind, endMs - 1).key).toBe(key);
        expect(periodOf(NEW_YORK, kind, endMs).key > key).toBe(true);
      }),
    );
  });
});

function dateIn(key: string): Date {
  return new Date(`${key.slice(key.indexOf(':') + 1)}T00:00:00Z`);
}
