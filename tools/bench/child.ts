import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { bundleOf } from '../bundle.mjs';
import { ROOT } from '../support/paths.js';

/** Runs a program of this folder in a process of its own, as the services are, and speaks with it. */
export class Child<Request, Answer> {
  private constructor(private readonly process: ChildProcess) {}

  /** @param name of its source in this folder, without `.ts` */
  static async start<Request, Answer>(
    name: string,
  ): Promise<Child<Request, Answer>> {
    const file = await bundleOf(ROOT, `bench/${name}`);
    return new Child(fork(file, { serialization: 'advanced' }));
  }

  /** @throws Error where the process ends before it answers */
  async ask(request: Request): Promise<Answer> {
    const done = new AbortController();
    const { signal } = done;
    const ended = once(this.process, 'exit', { signal }).then(([code]) => {
      throw new Error(`a process of the benchmark ended with ${String(code)}`);
    });
    const answered = once(this.process, 'message', { signal });
    try {
      this.process.send(request as object);
      const [answer] = (await Promise.race([answered, ended])) as [Answer];
      return answer;
    } finally {
      for (const waiting of [answered, ended]) waiting.catch(() => undefined);
      done.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.disconnect();
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
