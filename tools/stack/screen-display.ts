import logUpdate from 'log-update';
import { styleText } from 'node:util';
import type { Display, Part, PartState } from './board.js';
import type { Counts } from './counts.js';
import { formatCounts, programLines } from './format-counts.js';

const REDRAW_INTERVAL_MS = 200;

type Style = Parameters<typeof styleText>[0];

const STYLES: Record<PartState, Style> = {
  waiting: 'dim',
  starting: 'yellow',
  ready: 'green',
  trouble: 'red',
  stopping: 'yellow',
  stopped: 'dim',
  off: 'dim',
  elsewhere: 'cyan',
};

export interface ScreenView {
  parts: readonly Readonly<Part>[];
  counts: Counts | null;
  /** Since the start. */
  elapsedSeconds: number;
  /** Lines of the terminal. */
  rows: number;
}

/** One screen that changes in place: for a terminal. */
export class ScreenDisplay implements Display {
  readonly #startedAtMs = Date.now();
  readonly #timer = setInterval(() => this.#draw(), REDRAW_INTERVAL_MS);
  #parts: readonly Readonly<Part>[] = [];
  #counts: Counts | null = null;

  part(_part: Readonly<Part>, all: readonly Readonly<Part>[]): void {
    this.#parts = all;
  }

  counts(counts: Counts): void {
    this.#counts = counts;
  }

  say(line: string): void {
    logUpdate.persist(line);
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw();
    logUpdate.done();
  }

  #draw(): void {
    logUpdate(
      renderScreen({
        parts: this.#parts,
        counts: this.#counts,
        elapsedSeconds: Math.floor((Date.now() - this.#startedAtMs) / 1000),
        rows: process.stdout.rows ?? Infinity,
      }),
    );
  }
}

/** The screen as text. */
export function renderScreen({
  parts,
  counts,
  elapsedSeconds,
  rows: height,
}: ScreenView): string {
  const rows = parts.map((part) => [
    part.name,
    part.state,
    [part.detail || part.where, restartsOf(part)].filter(Boolean).join('  '),
    part.logFile,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]!.length)),
  );
  const lines = rows.map((row, index) => {
    const [name, state, about, logFile] = row.map((cell, column) =>
      cell.padEnd(widths[column] ?? 0),
    );
    const style = STYLES[parts[index]!.state];
    return `  ${name}  ${styleText(style, state!)}  ${about}  ${styleText('dim', logFile!)}`.trimEnd();
  });
  const counted = counts ? countedLines(formatCounts(counts)) : [];
  const screen = (programs: readonly string[]) => [
    '',
    `${styleText('bold', 'Traffic reward ledger')}  ${formatElapsed(elapsedSeconds)}`,
    '',
    ...lines,
    ...paragraph(counted),
    ...paragraph(programs),
    '',
    styleText('dim', '  Ctrl-C stops everything in order'),
  ];
  const whole = screen(
    programLines(counts?.programs ?? []).map((line) => `  ${line}`),
  );
  // Where there is no room, what runs is more important.
  return (whole.length <= height ? whole : screen([])).join('\n');
}

function countedLines(counted: readonly [string, string][]): string[] {
  const width = Math.max(...counted.map(([label]) => label.length));
  return counted.map(
    ([label, text]) => `  ${styleText('dim', label.padEnd(width))}  ${text}`,
  );
}

function paragraph(lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', ...lines] : [];
}

function restartsOf({ restarts }: Part): string {
  if (restarts === 0) return '';
  return restarts === 1 ? '(1 restart)' : `(${restarts} restarts)`;
}

function formatElapsed(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
