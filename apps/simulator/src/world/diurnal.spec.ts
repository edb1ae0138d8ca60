import { DAY_MS, HOUR_MS, hourOfDay, weekdayOf } from './calendar.js';
import { busyness } from './diurnal.js';

const MONDAY_MS = Date.parse('2024-11-11T00:00:00+08:00');

describe('a day', () => {
  it('has its hours and weekdays in Asia/Shanghai', () => {
    expect(hourOfDay(MONDAY_MS)).toBe(0);
    expect(hourOfDay(MONDAY_MS - HOUR_MS / 2)).toBe(23.5);
    expect(weekdayOf(MONDAY_MS)).toBe(1);
    expect(weekdayOf(MONDAY_MS - 1)).toBe(0);
  });

  it('is as busy as an average one over all of it, busiest in the evening', () => {
    expect(busyness(MONDAY_MS, MONDAY_MS + DAY_MS)).toBeCloseTo(1, 10);
    const at = (hour: number) =>
      busyness(MONDAY_MS + hour * HOUR_MS, MONDAY_MS + (hour + 1) * HOUR_MS);
    expect(at(20)).toBeGreaterThan(1.8);
    expect(at(3)).toBeLessThan(0.3);
  });
});
