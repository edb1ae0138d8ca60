import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../support/paths.js';

/** Runs a program of this folder in a process of its own, as the services are, and speaks with it. */
export class Child<Request, Answer> {
  readonly #process: ChildProcess;

  /** @param file in the folder of the benchmarks */
  constructor(file: string) {
    this.#process = fork(join(ROOT, 'tools', 'bench', file), [], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
    });
  }

  /** @throws Error where the process ends before it answers */
  async ask(request: Request): Promise<Answer> {
    const done = new AbortController();
    const { signal } = done;
    const ended = once(this.#process, 'exit', { signal }).then(([code]) => {
      throw new Error(`a process of the benchmark ended with ${String(code)}`);
    });
    const answered = once(this.#process, 'message', { signal });
    try {
      this.#process.send(request as object);
      const [answer] = (await Promise.race([answered, ended])) as [Answer];
      return answer;
    } finally {
      for (const waiting of [answered, ended]) waiting.catch(() => undefined);
      done.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

/** What such a program does with each request, until its parent is gone. */
export function answer<Request, Answer>(
  handle: (request: Request) => Promise<Answer>,
  end: () => Promise<void>,
): void {
  process.on('message', (request) => {
    void handle(request as Request).then((answered) =>
      process.send!(answered as object),
    );
  });
  process.once('disconnect', () => {
    void end().then(() => process.exit());
  });
}
