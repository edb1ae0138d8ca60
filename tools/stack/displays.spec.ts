import { stripVTControlCharacters } from 'node:util';
import { Board, type Display, type Part } from './board.js';
import type { Counts } from './counts.js';
import { PlainDisplay } from './plain-display.js';
import { renderScreen } from './screen-display.js';

const COUNTS: Counts = {
  eventsIn: 12_345n,
  granted: new Map([
    ['ANY_IMP', 7_000n],
    ['LIVE_IMP', 2_000n],
  ]),
  spent: new Map(),
  lag: { granter: 0n, promoter: 1_024n },
  programs: [
    {
      program: 'clip-hosting',
      grants: 0n,
      settled: 0n,
      units: new Map([['VIDEO_IMP', { granted: 0n, left: 5_000n }]]),
    },
    {
      program: 'ladder',
      grants: 1_234n,
      settled: 12n,
      units: new Map([
        ['ANY_IMP', { granted: 7_000n, left: 3_000n }],
        ['LIVE_IMP', { granted: 2_000n, left: 99_998_000n }],
      ]),
    },
  ],
  granter: {
    late: 3,
    unpaid: 0,
    coldStarts: [
      { program: 'launch', eligible: 12, granted: 12, slowestSeconds: 0.812 },
    ],
  },
};

const NOTHING: Counts = {
  eventsIn: 0n,
  granted: new Map(),
  spent: new Map(),
  lag: { granter: 0n, promoter: 0n },
  programs: [],
  granter: null,
};

describe('plain lines', () => {
  let lines: string[];
  let nowMs: number;
  let display: PlainDisplay;
  let board: Board;

  beforeEach(() => {
    lines = [];
    nowMs = 0;
    display = new PlainDisplay(
      (line) => lines.push(line),
      () => nowMs,
    );
    board = new Board(display, ['kafka', 'granter']);
  });

  it('say each change of state once', () => {
    board.update('kafka', {
      state: 'starting',
      logFile: '.data/logs/kafka.log',
    });
    board.update('kafka', { state: 'starting' });
    board.update('kafka', { state: 'ready', where: '127.0.0.1:9092' });
    board.update('kafka', { state: 'ready' });
    expect(lines).toEqual([
      'kafka: starting',
      'kafka: ready at 127.0.0.1:9092 (log .data/logs/kafka.log)',
    ]);
  });

  it('say progress every two seconds', () => {
    for (let files = 1; files <= 5; files += 1) {
      board.update('kafka', { state: 'starting', detail: `${files} files` });
      nowMs += 1_000;
    }
    expect(lines).toEqual([
      'kafka: starting: 1 files',
      'kafka: starting: 3 files',
      'kafka: starting: 5 files',
    ]);
  });

  it('say counts every five seconds, and only where they differ', () => {
    board.counts(NOTHING);
    nowMs = 1_000;
    board.counts(COUNTS);
    nowMs = 5_000;
    board.counts(COUNTS);
    nowMs = 20_000;
    board.counts(COUNTS);
    expect(lines).toEqual([
      'events in 0 | granted nothing yet | spent nothing yet | lag granter 0 · promoter 0 | grants nothing yet',
      'events in 12,345 | granted LIVE_IMP 2,000 · ANY_IMP 7,000 | spent nothing yet | lag granter 0 · promoter 1,024' +
        ' | rewards settled 12 · late 3 · unpaid 0' +
        ' | cold starts launch 12 of 12 eligible given traffic, slowest 0.8 s | grants ladder 1,234',
    ]);
  });
});

describe('the screen', () => {
  let parts: readonly Readonly<Part>[] = [];
  const display: Display = {
    part: (_, all) => {
      parts = all;
    },
    counts: () => undefined,
    say: () => undefined,
    close: () => undefined,
  };
  const board = new Board(display, ['granter', 'api']);
  board.update('granter', { state: 'ready', where: 'http://127.0.0.1:4001' });
  board.countRestart('granter');
  board.update('api', { state: 'trouble', detail: 'database: no answer' });

  const screen = (rows: number, counts: Counts | null = COUNTS) =>
    stripVTControlCharacters(
      renderScreen({ parts, counts, elapsedSeconds: 3_725, rows }),
    ).split('\n');

  const HEAD = [
    '',
    'Traffic reward ledger  1:02:05',
    '',
    '  granter  ready    http://127.0.0.1:4001  (1 restart)',
    '  api      trouble  database: no answer',
    '',
  ];
  const COUNTED = [
    '  events in    12,345',
    '  granted      LIVE_IMP 2,000 · ANY_IMP 7,000',
    '  spent        nothing yet',
    '  lag          granter 0 · promoter 1,024',
    '  rewards      settled 12 · late 3 · unpaid 0',
    '  cold starts  launch 12 of 12 eligible given traffic, slowest 0.8 s',
    '',
  ];
  const FOOT = '  Ctrl-C stops everything in order';

  it('shows what runs, where, how often it was started again, and what came of it', () => {
    expect(screen(17)).toEqual([
      ...HEAD,
      ...COUNTED,
      '  clip-hosting      0',
      '  ladder        1,234  LIVE_IMP 2,000 (0.002%) · ANY_IMP 7,000 (70%)',
      '',
      FOOT,
    ]);
  });

  it('leaves the programs out where the terminal is too low', () => {
    expect(screen(16)).toEqual([...HEAD, ...COUNTED, FOOT]);
  });

  it('shows what runs while nothing is counted', () => {
    expect(screen(24, null)).toEqual([...HEAD, FOOT]);
  });
});
