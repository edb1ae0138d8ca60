import fc from 'fast-check';
import { isTimeZone, TimeZone } from './time-zone.js';

/** What `Intl` says of an instant, in its own words: `GMT-03:30`. */
function offsetsByIntl(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    timeZoneName: 'longOffset',
  });
  return (atMs) => {
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(
      format.format(atMs),
    )!;
    const aheadMs =
      Number(hours ?? 0) * 3_600_000 + Number(minutes ?? 0) * 60_000;
    return sign === '-' ? -aheadMs : aheadMs;
  };
}

describe('TimeZone', () => {
  it.each([
    ['Asia/Shanghai', '2024-11-11T00:00:00+08:00', 8],
    ['America/New_York', '2024-03-10T01:59:59.999-05:00', -5],
    ['America/New_York', '2024-03-10T03:00:00-04:00', -4],
    ['America/New_York', '2024-11-03T01:59:59.999-04:00', -4],
    ['America/New_York', '2024-11-03T01:00:00-05:00', -5],
    ['Asia/Kolkata', '2024-11-11T00:00:00+05:30', 5.5],
    // By half an hour only.
    ['Australia/Lord_Howe', '2024-04-07T01:59:59.999+11:00', 11],
    ['Australia/Lord_Howe', '2024-04-07T01:30:00+10:30', 10.5],
    // To the other side of the date line, over a day that never was.
    ['Pacific/Apia', '2011-12-29T23:59:59.999-10:00', -10],
    ['Pacific/Apia', '2011-12-31T00:00:00+14:00', 14],
  ])('%s is ahead of UTC at %s by %d hours', (zone, time, hours) => {
    const offsetMs = new TimeZone(zone).offsetMs(Date.parse(time));
    expect(offsetMs / 3_600_000).toBe(hours);
  });

  it('agrees with Intl in any zone at any instant, also around changes of the clocks', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const from = Date.parse('2000-01-01T00:00:00Z');
    const until = Date.parse('2100-01-01T00:00:00Z');
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: from, max: until - 1 }),
        (name, atMs) => {
          const zone = new TimeZone(name);
          expect(zone.offsetMs(atMs)).toBe(offsetsByIntl(name)(atMs));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    'America/New_York',
    'Africa/Casablanca',
    'Antarctica/Troll',
    'Asia/Tehran',
  ])('agrees with Intl in %s at every hour of a year', (name) => {
    const zone = new TimeZone(name);
    const byIntl = offsetsByIntl(name);
    const newYear = Date.parse('2019-01-01T00:00:00Z');
    const differing: string[] = [];
    for (let hour = 0; hour < 365 * 24; hour++) {
      const atMs = newYear + hour * 3_600_000;
      if (zone.offsetMs(atMs) !== byIntl(atMs))
        differing.push(new Date(atMs).toISOString());
    }
    expect(differing).toEqual([]);
  });
});

describe('isTimeZone', () => {
  it.each(['Asia/Shanghai', 'America/New_York', 'UTC'])('takes %s', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'Asia/Shangai', 'Beijing', '+8'])('refuses "%s"', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
