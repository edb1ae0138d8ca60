import { parsePeriod } from './period.js';

/** It is the 12th in Shanghai already. */
const NOW_MS = Date.parse('2024-11-11T16:00:00Z');

describe('the period of results', () => {
  it.each([
    [{}, '2024-10-14', '2024-11-12'],
    [{ to: '2024-03-01' }, '2024-02-01', '2024-03-01'],
    [{ from: '2024-11-01' }, '2024-11-01', '2024-11-12'],
    [{ from: '2024-11-11', to: '2024-11-11' }, '2024-11-11', '2024-11-11'],
  ])('%j is from %s to %s', (options, from, to) => {
    expect(parsePeriod(options, NOW_MS)).toEqual({ from, to });
  });

  it.each([
    [{ from: '0000-01-01' }, 'from is "0000-01-01": expected a day'],
    [{ from: '2024-02-30' }, 'from is "2024-02-30": expected a day'],
    [{ to: '11.11.' }, 'to is "11.11.": expected a day'],
    [{ from: '2024-11-11T00:00:00Z' }, 'from is'],
    [{ from: '2024-11-13' }, 'to is "2024-11-12": expected a day not before'],
    [{ from: '2023-01-01' }, 'from is "2023-01-01": expected a day within'],
  ])('%j is refused, and the end named', (options, message) => {
    expect(() => parsePeriod(options, NOW_MS)).toThrow(message);
  });
});
