import type { Counts } from './counts.js';
import type { Display, Part, PartState } from './board.js';
import { formatCounts, formatGrants } from './format-counts.js';

const COUNTS_INTERVAL_MS = 5_000;
const PROGRESS_INTERVAL_MS = 2_000;

/** One line for each change of state: for logs, pipes and other programs. */
export class PlainDisplay implements Display {
  readonly #said = new Map<
    string,
    { state: PartState; line: string; atMs: number }
  >();
  #lastCounts = '';
  #countedAtMs = -Infinity;

  constructor(
    private readonly write: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  part(part: Readonly<Part>): void {
    const line = describe(part);
    const last = this.#said.get(part.name);
    const atMs = this.now();
    const isProgress =
      part.state === last?.state && atMs - last.atMs < PROGRESS_INTERVAL_MS;
    if (part.state === 'waiting' || last?.line === line || isProgress) return;
    this.#said.set(part.name, { state: part.state, line, atMs });
    this.write(line);
  }

  counts(counts: Counts): void {
    const text = [
      ...formatCounts(counts),
      ['grants', formatGrants(counts.programs)],
    ]
      .map(([label, said]) => `${label} ${said}`)
      .join(' | ');
    const isDue = this.now() - this.#countedAtMs >= COUNTS_INTERVAL_MS;
    if (!isDue || text === this.#lastCounts) return;
    this.#countedAtMs = this.now();
    this.#lastCounts = text;
    this.write(text);
  }

  say(line: string): void {
    this.write(line);
  }

  close(): void {}
}

function describe({ name, state, detail, where, logFile }: Part): string {
  const isThere = state === 'ready' || state === 'elsewhere';
  const place = isThere
    ? [where && ` at ${where}`, logFile && ` (log ${logFile})`].join('')
    : '';
  return `${name}: ${state}${place}${detail && `: ${detail}`}`;
}
