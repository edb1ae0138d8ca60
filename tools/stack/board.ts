import type { Counts } from './counts.js';

/** `off` is not wanted, `elsewhere` is not ours, `trouble` is being mended. */
export type PartState =
  | 'waiting'
  | 'starting'
  | 'ready'
  | 'trouble'
  | 'stopping'
  | 'stopped'
  | 'off'
  | 'elsewhere';

/** One part of the stack, as people see it. */
export interface Part {
  name: string;
  state: PartState;
  /** What is going on, in words; empty where the state says all. */
  detail: string;
  /** An address; empty until it is known. */
  where: string;
  /** As a person in the checkout would write it; empty where it has none. */
  logFile: string;
  /** Times that it ended by itself and was started again. */
  restarts: number;
}

/** Shows a {@link Board} to people. */
export interface Display {
  /** Something of the part has changed. */
  part: (part: Readonly<Part>, all: readonly Readonly<Part>[]) => void;
  counts: (counts: Counts) => void;
  /** A line that stays. */
  say: (line: string) => void;
  close: () => void;
}

/** What runs, where, and how it is: whoever changes it needs not know how it is shown. */
export class Board {
  readonly #parts = new Map<string, Part>();

  constructor(
    private readonly display: Display,
    names: readonly string[],
  ) {
    for (const name of names)
      this.#parts.set(name, {
        name,
        state: 'waiting',
        detail: '',
        where: '',
        logFile: '',
        restarts: 0,
      });
  }

  /** Changes a part; a new state without a detail clears the old detail. */
  update(name: string, change: Partial<Omit<Part, 'name'>>): void {
    const part = this.#parts.get(name);
    if (!part) throw new Error(`the board has no ${name}`);
    const next = {
      ...part,
      ...(change.state === undefined ? {} : { detail: '' }),
      ...change,
    };
    this.#parts.set(name, next);
    this.display.part(next, [...this.#parts.values()]);
  }

  /** Counts one more restart of a part. */
  countRestart(name: string): void {
    const { restarts } = this.#parts.get(name)!;
    this.update(name, { restarts: restarts + 1 });
  }

  counts(counts: Counts): void {
    this.display.counts(counts);
  }

  say(line: string): void {
    this.display.say(line);
  }
}
