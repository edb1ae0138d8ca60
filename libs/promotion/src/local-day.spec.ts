import { endOfDayMs, localDay } from './local-day.js';

describe('a day', () => {
  it('begins at midnight in Shanghai', () => {
    const midnight = Date.parse('2024-02-29T00:00:00+08:00');
    expect(localDay(midnight - 1)).toBe('2024-02-28');
    expect(localDay(midnight)).toBe('2024-02-29');
    expect(endOfDayMs('2024-02-28')).toBe(midnight);
    expect(localDay(endOfDayMs('2024-02-29'))).toBe('2024-03-01');
  });
});
