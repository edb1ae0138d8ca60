import {
  FESTIVAL_FILE,
  ORDER_LADDER,
  SEASON_FILE,
  SMALL_FILE,
} from '../../test/programs.js';
import { UNKNOWN_MERCHANT } from '../count/merchant-facts.js';
import { ProgramFileError } from './program-document.js';
import { parseProgram, parsePrograms } from './program-file.js';
import { DAY_MS } from '../time/time-zone.js';

const HOUR_MS = 3_600_000;
const ALL_CHANNELS = ['live', 'short_video', 'shelf'];

describe('parseProgram', () => {
  it('reads a program as its file states it', () => {
    expect(parseProgram(FESTIVAL_FILE, 'p.yaml')).toMatchObject({
      program: 'festival',
      version: 3,
      title: { zh: '双十一', en: 'Double 11' },
      timeZone: 'Asia/Shanghai',
      window: {
        fromMs: Date.parse('2024-10-31T16:00:00Z'),
        untilMs: Date.parse('2024-11-11T16:00:00Z'),
      },
      pools: { LIVE_IMP: 1_000n, CNY: 5n },
      goals: [
        {
          goal: 'sales',
          metric: 'gmvMinor',
          channels: ALL_CHANNELS,
          period: 'window',
          payout: {
            kind: 'tiers',
            tiers: [
              {
                tier: 'low',
                at: 100n,
                rewards: [
                  {
                    unit: 'LIVE_IMP',
                    amount: { kind: 'fixed', amount: 10n },
                    expiry: { kind: 'after', days: 30 },
                  },
                ],
              },
              {
                tier: 'high',
                at: 200n,
                rewards: [
                  {
                    unit: 'CNY',
                    amount: { kind: 'fixed', amount: 1n },
                    expiry: null,
                  },
                ],
              },
            ],
          },
        },
      ],
    });
  });

  it('counts always, pays with each event and takes nothing back where the file does not say', () => {
    expect(ORDER_LADDER).toMatchObject({
      window: null,
      stages: [],
      startsAtMs: null,
      progress: 'carries_over',
      eligible: null,
      graceMs: null,
      takeBack: { refunds: 'never', flags: 'never', flaggedFrom: 'flag' },
      caps: [],
      goals: [
        { secondsADay: null, settlesAfterMs: null, payout: { kind: 'tiers' } },
        { secondsADay: null, settlesAfterMs: null, payout: { kind: 'tiers' } },
      ],
    });
  });

  it('reads who is rewarded, from when, how late and what is taken back', () => {
    const program = parseProgram(SEASON_FILE, 'season.yaml');
    expect(program).toMatchObject({
      stages: [
        {
          stage: 'warm-up',
          fromMs: Date.parse('2026-10-01T00:00:00+08:00'),
          untilMs: Date.parse('2026-10-20T00:00:00+08:00'),
        },
        {
          stage: 'double-11',
          fromMs: Date.parse('2026-10-20T00:00:00+08:00'),
          untilMs: Date.parse('2026-11-12T00:00:00+08:00'),
        },
      ],
      startsAtMs: Date.parse('2026-10-05T00:00:00+08:00'),
      progress: 'starts_anew',
      eligible: { expression: 'merchant.followers < 1000' },
      graceMs: 36 * HOUR_MS,
      takeBack: { refunds: 'difference', flags: 'all', flaggedFrom: 'start' },
      caps: [{ unit: 'CNY', amount: 20_000n, period: 'month' }],
    });
    expect(program.eligible!.holds(UNKNOWN_MERCHANT, 0)).toBe(true);
  });

  it('reads how a goal counts and pays', () => {
    expect(parseProgram(SEASON_FILE, 'season.yaml').goals).toEqual([
      {
        goal: 'days',
        metric: 'liveDays',
        channels: ALL_CHANNELS,
        period: 'stage',
        secondsADay: 3_600n,
        settlesAfterMs: null,
        payout: {
          kind: 'highest_tier',
          tiers: [
            {
              tier: 'three',
              at: 3n,
              rewards: [
                {
                  unit: 'LIVE_IMP',
                  amount: { kind: 'draw', from: 10n, to: 99n },
                  expiry: {
                    kind: 'at',
                    atMs: Date.parse('2027-01-01T00:00:00+08:00'),
                  },
                },
                {
                  unit: 'LIVE_IMP',
                  amount: { kind: 'pool_share', partsPerMillion: 10n },
                  expiry: { kind: 'after', days: 7 },
                },
              ],
            },
          ],
        },
      },
      {
        goal: 'followers',
        metric: 'followers',
        channels: ['live'],
        period: 'session',
        secondsADay: null,
        settlesAfterMs: null,
        payout: {
          kind: 'every',
          every: 10n,
          times: 5n,
          rewards: [
            {
              unit: 'LIVE_IMP',
              amount: { kind: 'fixed', amount: 100n },
              expiry: { kind: 'after', days: 7 },
            },
          ],
        },
      },
      {
        goal: 'rebate',
        metric: 'gmvMinor',
        channels: ALL_CHANNELS,
        period: 'window',
        secondsADay: null,
        settlesAfterMs: 15 * DAY_MS,
        payout: {
          kind: 'rate',
          basisPoints: 50n,
          unit: 'CNY',
          atMost: 100_000n,
          expiry: null,
        },
      },
    ]);
  });

  it('gives what nobody can change', () => {
    const { pools, goals } = parseProgram(FESTIVAL_FILE, 'p.yaml');
    expect(() => Object.assign(pools, { CNY: 9n })).toThrow(TypeError);
    expect(() => Object.assign(goals[0]!.payout, { kind: 'rate' })).toThrow(
      TypeError,
    );
  });
});

describe('parsePrograms', () => {
  const small = JSON.stringify(SMALL_FILE);

  it('reads files in their order', () => {
    const files = [
      { fileName: 'b.yaml', text: FESTIVAL_FILE },
      { fileName: 'a.yaml', text: small },
    ];
    const names = parsePrograms(files).map(({ program }) => program);
    expect(names).toEqual(['festival', 'small']);
  });

  it('names the mistakes of all files', () => {
    const files = [
      { fileName: 'a.yaml', text: small },
      { fileName: 'b.yaml', text: FESTIVAL_FILE.replace('3', 'x') },
      { fileName: 'c.yaml', text: small },
    ];
    expect(() => parsePrograms(files)).toThrow(
      new ProgramFileError([
        {
          fileName: 'b.yaml',
          line: 2,
          column: 1,
          field: 'version',
          expected: 'expected a whole number from 1 to 9007199254740991',
        },
        {
          fileName: 'c.yaml',
          line: 1,
          column: 20,
          field: 'version',
          expected: 'expected another version: a.yaml has version 1 of "small"',
        },
      ]),
    );
  });
});
