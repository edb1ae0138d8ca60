import { UsageError } from '../support/cli.js';
import { parsePeriod, parseTimeZone } from './period.js';

describe('parsePeriod', () => {
  it.each([
    ['2024', '2023-12-31T16:00:00.000Z', '2024-12-31T16:00:00.000Z'],
    ['2024-11', '2024-10-31T16:00:00.000Z', '2024-11-30T16:00:00.000Z'],
    ['2024-12', '2024-11-30T16:00:00.000Z', '2024-12-31T16:00:00.000Z'],
    ['2024-02-29', '2024-02-28T16:00:00.000Z', '2024-02-29T16:00:00.000Z'],
  ])('reads the period %s of Shanghai', (period, from, to) => {
    expect(parsePeriod({ period }, 'Asia/Shanghai')).toEqual({ from, to });
  });

  it('begins and ends a day where the clocks change with their offsets', () => {
    expect(parsePeriod({ period: '2024-03-31' }, 'Europe/Berlin')).toEqual({
      from: '2024-03-30T23:00:00.000Z',
      to: '2024-03-31T22:00:00.000Z',
    });
  });

  it('reads dates of the zone, and instants of any', () => {
    expect(
      parsePeriod(
        { from: '2024-11-11', to: '2024-11-11T12:00:00+01:00' },
        'Asia/Shanghai',
      ),
    ).toEqual({
      from: '2024-11-10T16:00:00.000Z',
      to: '2024-11-11T11:00:00.000Z',
    });
  });

  it('is open where nothing is said', () => {
    expect(parsePeriod({}, 'UTC')).toEqual({ from: null, to: null });
    expect(parsePeriod({ to: '2024-11-11' }, 'UTC').from).toBeNull();
  });

  it.each([
    [{ period: '2024-13' }, '--period is "2024-13": expected a year'],
    [{ period: '2023-02-29' }, '--period is "2023-02-29"'],
    [{ period: 'November' }, '--period is "November"'],
    [{ from: '2023-02-29' }, '--from is "2023-02-29": expected a date'],
    [{ to: '2024-11-11T00:00:00' }, '--to is "2024-11-11T00:00:00"'],
    [{ to: '2023-02-29T00:00:00Z' }, '--to is "2023-02-29T00:00:00Z"'],
    [{ period: '2024', from: '2024-11-11' }, 'Give --period, or'],
    [{ from: '2024-11-11', to: '2024-11-11' }, 'expected a time after --from'],
  ])('refuses %j in a sentence', (options, said) => {
    const parse = () => parsePeriod(options, 'UTC');
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(said);
  });
});

describe('parseTimeZone', () => {
  it('is Shanghai where nothing is said', () => {
    expect(parseTimeZone()).toBe('Asia/Shanghai');
  });

  it('refuses a zone that there is not', () => {
    expect(() => parseTimeZone('Asia/Atlantis')).toThrow(
      '--time-zone is "Asia/Atlantis": expected an IANA name',
    );
  });
});
