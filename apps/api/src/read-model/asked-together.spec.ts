import { setImmediate as nextTurn } from 'node:timers/promises';
import { AskedTogether } from './asked-together.js';

/** A question that is on its way until the test answers it. */
interface Question {
  keys: readonly string[];
  answer: () => void;
  fail: (error: Error) => void;
  cancelled: AbortSignal;
}

describe('AskedTogether', () => {
  let questions: Question[];
  let asked: AskedTogether<string, string>;

  beforeEach(() => {
    questions = [];
    asked = new AskedTogether(
      (keys, gone) =>
        new Promise((resolve, reject) => {
          questions.push({
            keys,
            answer: () => resolve(keys.map((key) => `answer to ${key}`)),
            fail: reject,
            cancelled: gone,
          });
        }),
      { questionsMax: 2, keysMax: 3 },
    );
  });

  const keysOf = () => questions.map(({ keys }) => keys.join(' '));
  const ask = (key: string, client = new AbortController()) =>
    asked.ask(key, client.signal);

  it('asks at once for all who ask at the same time, and tells each its own answer', async () => {
    const answers = Promise.all([ask('a'), ask('b'), ask('a')]);
    await nextTurn();
    expect(keysOf()).toEqual(['a b a']);
    questions[0]!.answer();
    expect(await answers).toEqual([
      'answer to a',
      'answer to b',
      'answer to a',
    ]);
  });

  it('has whoever comes later wait while enough questions are on their way, and asks for all of them then', async () => {
    const answers = [];
    for (const key of ['a', 'b', 'c', 'd']) {
      answers.push(ask(key));
      await nextTurn();
    }
    expect(keysOf()).toEqual(['a', 'b']);
    questions[1]!.answer();
    await answers[1];
    await nextTurn();
    expect(keysOf()).toEqual(['a', 'b', 'c d']);
  });

  it('asks for no more keys at once than a question may have', async () => {
    for (const key of ['a', 'b', 'c', 'd']) void ask(key);
    await nextTurn();
    await nextTurn();
    expect(keysOf()).toEqual(['a b c', 'd']);
  });

  it('tells all who wait for a question that it failed, and asks the next', async () => {
    const failed = [ask('a'), ask('b')];
    await nextTurn();
    questions[0]!.fail(new Error('the database is away'));
    for (const answer of failed)
      await expect(answer).rejects.toThrow('the database is away');
    const answer = ask('c');
    await nextTurn();
    questions[1]!.answer();
    expect(await answer).toBe('answer to c');
  });

  it('cancels a question when all who wait for it are gone, and not before', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    void ask('a', one);
    void ask('b', other);
    await nextTurn();
    one.abort();
    expect(questions[0]!.cancelled.aborted).toBe(false);
    other.abort();
    expect(questions[0]!.cancelled.aborted).toBe(true);
  });

  it('does not ask for whoever is gone already', async () => {
    const client = new AbortController();
    const gone = ask('a', client);
    void ask('b');
    client.abort();
    await expect(gone).rejects.toThrow('The client went away.');
    await nextTurn();
    expect(keysOf()).toEqual(['b']);
  });
});
