import { UsageError } from '../../support/cli.js';
import { parseMoment, parseSpan } from './moment.js';

describe('parseMoment', () => {
  let notes: string[];
  beforeEach(() => (notes = []));
  const parse = (options: Parameters<typeof parseMoment>[0]) =>
    parseMoment(options, (note) => notes.push(note));

  it.each([
    [{}, 'now'],
    [{ position: '0' }, { position: 0 }],
    [
      { at: '2024-11-11T20:00:00+08:00' },
      { recordedAt: new Date('2024-11-11T12:00:00Z') },
    ],
    [
      { at: '2024-11-11t12:00:00.5z' },
      { recordedAt: new Date('2024-11-11T12:00:00.500Z') },
    ],
  ])('reads %j', (options, moment) => {
    expect(parse(options)).toEqual(moment);
    expect(notes).toEqual([]);
  });

  it.each([
    ['2024-11-11', '2024-11-10T16:00:00.000Z'],
    ['2024-11-11 20:00', '2024-11-11T12:00:00.000Z'],
    ['2024-11-11T20:00:00', '2024-11-11T12:00:00.000Z'],
    // Shanghai had summer time once.
    ['1990-07-01T00:00:00', '1990-06-30T15:00:00.000Z'],
  ])('reads %s in Shanghai, and says so', (at, instant) => {
    expect(parse({ at })).toEqual({ recordedAt: new Date(instant) });
    expect(notes).toEqual([
      `--at has no offset: read in Asia/Shanghai, as ${instant}.`,
    ]);
  });

  it.each([
    [{ at: 'yesterday' }, '--at is "yesterday": expected a time'],
    [{ at: '2023-02-29' }, '--at is "2023-02-29"'],
    [{ at: '2024-11-11T25:00:00Z' }, '--at is "2024-11-11T25:00:00Z"'],
    [
      { at: '2024-11-11T20:00:00+99:00' },
      '--at is "2024-11-11T20:00:00+99:00"',
    ],
    [
      { at: '2024-11-11T20:00:00+24:00' },
      '--at is "2024-11-11T20:00:00+24:00"',
    ],
    [{ position: '-1' }, '--position is "-1": expected a position'],
    [{ at: '2024-11-11', position: '1' }, 'not both'],
  ])('refuses %j', (options, said) => {
    expect(() => parse(options)).toThrow(UsageError);
    expect(() => parse(options)).toThrow(said);
  });
});

describe('parseSpan', () => {
  const parse = (options: Parameters<typeof parseSpan>[0]) =>
    parseSpan(options, () => undefined);

  it('is open where nothing is said', () => {
    expect(parse({})).toEqual({ from: 'beginning', to: 'now' });
  });

  it('begins with its first instant, and ends ahead of the other', () => {
    expect(parse({ from: '2024-11-01', to: '2024-12-01T00:00:00Z' })).toEqual({
      from: { recordedBefore: new Date('2024-10-31T16:00:00Z') },
      to: { recordedBefore: new Date('2024-12-01T00:00:00Z') },
    });
  });

  it('goes from behind one position up to another', () => {
    expect(parse({ 'from-position': '3', 'to-position': '9' })).toEqual({
      from: { position: 3 },
      to: { position: 9 },
    });
  });

  it.each([
    [
      { from: '2024-12-01', to: '2024-11-01' },
      '--to is "2024-11-01": expected nothing ahead of --from, "2024-12-01".',
    ],
    [
      { 'from-position': '9', 'to-position': '3' },
      '--to-position is "3": expected nothing ahead of --from-position, "9".',
    ],
  ])('refuses to end before it begins: %j', (options, said) => {
    expect(() => parse(options)).toThrow(said);
  });

  it('refuses two beginnings', () => {
    expect(() => parse({ from: '2024-11-01', 'from-position': '3' })).toThrow(
      'Give --from or --from-position, not both.',
    );
  });
});
