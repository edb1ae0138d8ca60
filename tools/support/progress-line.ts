import { createLogUpdate } from 'log-update';

const BAR_WIDTH = 30;
const PLAIN_INTERVAL_MS = 5_000;
const NUMBER = new Intl.NumberFormat('en-US');

/** Shows how far long work has come: a bar that moves on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #update: ReturnType<typeof createLogUpdate> | null;
  #lastPlainMs = 0;
  /** The end, which is told where nothing comes behind it. */
  #plainToCome = '';

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.#update = stream.isTTY ? createLogUpdate(stream) : null;
  }

  show(what: string, done: number, total: number): void {
    const counts = `${NUMBER.format(done)} of ${NUMBER.format(total)}`;
    if (this.#update) {
      this.#update(`${what} ${bar(total === 0 ? 1 : done / total)} ${counts}`);
      return;
    }
    const nowMs = Date.now();
    if (nowMs - this.#lastPlainMs < PLAIN_INTERVAL_MS) {
      this.#plainToCome = done < total ? '' : `${what}: ${counts}\n`;
      return;
    }
    this.#lastPlainMs = nowMs;
    this.#plainToCome = '';
    this.stream.write(`${what}: ${counts}\n`);
  }

  /** Leaves what is shown standing; the next thing comes below. */
  done(): void {
    this.#update?.done();
    if (this.#plainToCome) this.stream.write(this.#plainToCome);
    this.#plainToCome = '';
    this.#lastPlainMs = 0;
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
