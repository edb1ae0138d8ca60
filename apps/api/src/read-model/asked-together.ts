import { allAborted, clientClosedRequest } from '../http/client-presence.js';

export interface TogetherLimits {
  /** Questions that are on their way at a time. */
  questionsMax: number;
  /** Keys of one question. */
  keysMax: number;
}

/** A request that waits for its answer. */
interface Asker<Key, Answer> {
  key: Key;
  /** Of its client. */
  gone: AbortSignal;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks one question for all requests that come at the same time: a question costs much, and one more key in it little.
 * While as many questions as may be are on their way requests wait, and the next one is for all who do. It is never
 * asked before a request has come, so the answer is of a moment as late as it would be alone.
 */
export class AskedTogether<Key, Answer> {
  readonly #waiting: Asker<Key, Answer>[] = [];
  #questions = 0;
  #isAboutToAsk = false;

  /** @param question answers in the order of its keys; nobody waits for it any more once `gone` aborts */
  constructor(
    private readonly question: (
      keys: readonly Key[],
      gone: AbortSignal,
    ) => Promise<readonly Answer[]>,
    private readonly limits: TogetherLimits,
  ) {}

  /** @throws whatever the question fails with; ProblemException where the client went away ahead of it */
  ask(key: Key, gone: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, gone, resolve, reject });
      this.#askSoon();
    });
  }

  #askSoon(): void {
    if (this.#isAboutToAsk || this.#questions >= this.limits.questionsMax)
      return;
    this.#isAboutToAsk = true;
    // Behind all requests that have arrived by now.
    setImmediate(() => {
      this.#isAboutToAsk = false;
      const askers = this.#waiting.splice(0, this.limits.keysMax);
      void this.#answer(askers.filter(isThere));
      if (this.#waiting.length > 0) this.#askSoon();
    });
  }

  async #answer(askers: readonly Asker<Key, Answer>[]): Promise<void> {
    if (askers.length === 0) return;
    this.#questions += 1;
    try {
      const answers = await this.question(
        askers.map(({ key }) => key),
        allAborted(askers.map(({ gone }) => gone)),
      );
      for (const [i, { resolve }] of askers.entries()) resolve(answers[i]!);
    } catch (error) {
      for (const { reject } of askers) reject(error);
    }
    this.#questions -= 1;
    if (this.#waiting.length > 0) this.#askSoon();
  }
}

function isThere({ gone, reject }: Asker<unknown, never>): boolean {
  if (gone.aborted) reject(clientClosedRequest());
  return !gone.aborted;
}
