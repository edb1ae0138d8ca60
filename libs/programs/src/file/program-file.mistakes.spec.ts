import { FESTIVAL_FILE } from '../../test/programs.js';
import { ProgramFileError } from './program-document.js';
import { parseProgram } from './program-file.js';

/** The mistakes of a file, as an operator reads them. */
function mistakesIn(text: string): string[] {
  try {
    parseProgram(text, 'p.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ProgramFileError);
    return (error as Error).message.split('\n');
  }
}

/** {@link FESTIVAL_FILE} with one text in place of another. */
function change(text: string, other: string): string {
  expect(FESTIVAL_FILE).toContain(text);
  return FESTIVAL_FILE.replace(text, other);
}

describe('a mistake in a program file', () => {
  it.each([
    [
      'version: 3',
      'version: 1.5',
      '2:1: version: expected a whole number from 1 to 9007199254740991',
    ],
    [
      'program: festival',
      'program: Festival 11',
      '1:1: program: expected 1 to 63 lower-case letters, digits and hyphens',
    ],
    [
      '  en: Double 11\n',
      '',
      '3:1: title.en: expected a text of 1 to 200 characters; it is missing',
    ],
    [
      'window:',
      'timeZone: Asia/Shangai\nwindow:',
      '6:1: timeZone: expected an IANA time zone, e.g. Asia/Shanghai',
    ],
    [
      'from: 2024-11-01T00:00:00+08:00',
      'from: 2024-11-01',
      '7:3: window.from: expected a time with an offset, e.g. 2024-11-01T00:00:00+08:00',
    ],
    [
      'until: 2024-11-12T00:00:00+08:00',
      'until: 2024-10-31T16:00:00Z',
      '8:3: window.until: expected a time after from',
    ],
    [
      'LIVE_IMP: 1000',
      'LIVE_IMP: 9007199254740992',
      '10:3: pools.LIVE_IMP: expected a whole number from 1 to 9007199254740991',
    ],
    [
      'metric: gmvMinor',
      'metric: sales',
      '14:5: goals[0].metric: expected one of orders, gmvMinor, returns, liveSeconds, liveDays, liveDayStreak, followers, shoppableVideos, clips, productsListed, adsSpentMinor, firstStream, firstSale',
    ],
    [
      'period: window',
      'period: year',
      '15:5: goals[0].period: expected one of session, day, week, month, stage, window, lifetime',
    ],
    [
      'period: window',
      'period: day\n    channels: [live, live]',
      '16:22: goals[0].channels[1]: expected another name: "live" stands further up',
    ],
    [
      'period: window',
      'period: day\n    channels: []',
      '16:5: goals[0].channels: expected a list of 1 to 3',
    ],
    [
      'at: 200',
      'at: 100',
      '21:9: goals[0].tiers[1].at: expected more than 100, as the tier above it has',
    ],
    [
      'at: 200',
      'at: 99',
      '21:9: goals[0].tiers[1].at: expected more than 100, as the tier above it has',
    ],
    [
      'tier: high',
      'tier: low',
      '20:9: goals[0].tiers[1].tier: expected another name: "low" stands further up',
    ],
    [
      'unit: CNY',
      'unit: ANY_IMP',
      '22:21: goals[0].tiers[1].rewards[0].unit: expected a unit with a pool: pools has no ANY_IMP',
    ],
    [
      'expiresAfterDays: 30',
      'expiresAfterDays: 3661',
      '19:49: goals[0].tiers[0].rewards[0].expiresAfterDays: expected a whole number from 1 to 3660',
    ],
    [
      'amount: 10, expiresAfterDays: 30',
      'amount: 10',
      '19:19: goals[0].tiers[0].rewards[0].expiresAfterDays: expected a whole number from 1 to 3660; it is missing',
    ],
    [
      'amount: 10,',
      'amount: 10, cap: 5,',
      '19:49: goals[0].tiers[0].rewards[0].cap: expected no such field, only unit, amount, draw, poolShare, expiresAfterDays, expiresAt',
    ],
  ])('says what is wrong with %j → %j', (text, other, mistake) => {
    expect(mistakesIn(change(text, other))).toEqual([`p.yaml:${mistake}`]);
  });

  it('asks for a window where a goal counts over it', () => {
    const file = FESTIVAL_FILE.replace(/window:\n.*\n.*\n/, '');
    expect(mistakesIn(file)).toEqual([
      'p.yaml:12:5: goals[0].period: expected day, week or month, since there is no window',
    ]);
  });

  it('names all mistakes at once, from the top down', () => {
    const file = FESTIVAL_FILE.replace('version: 3', 'version: 0')
      .replace('CNY: 5', 'CNY: five')
      .replace('metric:', 'metrics:')
      .replace('at: 200', 'at: 100');
    expect(mistakesIn(file)).toEqual([
      'p.yaml:2:1: version: expected a whole number from 1 to 9007199254740991',
      'p.yaml:11:3: pools.CNY: expected a whole number from 1 to 9007199254740991',
      'p.yaml:13:5: goals[0].metric: expected one of orders, gmvMinor, returns, liveSeconds, liveDays, liveDayStreak, followers, shoppableVideos, clips, productsListed, adsSpentMinor, firstStream, firstSale; it is missing',
      'p.yaml:14:5: goals[0].metrics: expected no such field, only goal, metric, channels, period, secondsADay, settlesAfterDays, tiers, highestTier, every, rate',
      'p.yaml:21:9: goals[0].tiers[1].at: expected more than 100, as the tier above it has',
    ]);
  });

  it('follows an alias to where the mistake stands', () => {
    const file = FESTIVAL_FILE.replace(
      '[{ unit: LIVE_IMP, amount: 10,',
      '&r [{ unit: CNY, amount: 0,',
    ).replace(/rewards: \[{ unit: CNY, amount: 1, .*/, 'rewards: *r');
    expect(mistakesIn(file)).toEqual([
      'p.yaml:19:35: goals[0].tiers[0].rewards[0].amount: expected a whole number from 1 to 9007199254740991',
      'p.yaml:19:35: goals[0].tiers[1].rewards[0].amount: expected a whole number from 1 to 9007199254740991',
    ]);
  });
});
