import { describeError } from './describe-error.js';

describe('describeError', () => {
  it.each([
    [new Error('no route'), 'no route'],
    [new TypeError(), 'TypeError'],
    [
      new AggregateError([
        new Error('::1 refused'),
        new Error('127.0.0.1 refused'),
      ]),
      '::1 refused; 127.0.0.1 refused',
    ],
    ['just words', 'just words'],
  ])('%#', (error, words) => {
    expect(describeError(error)).toBe(words);
  });
});
