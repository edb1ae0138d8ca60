import { PassThrough } from 'node:stream';
import { ProgressLine } from './progress-line.js';

describe('progress that is not on a terminal', () => {
  let stream: PassThrough & { isTTY?: boolean };
  let line: ProgressLine;

  beforeEach(() => {
    stream = new PassThrough();
    line = new ProgressLine(stream as unknown as NodeJS.WriteStream);
  });

  function said(): string {
    return String(stream.read() ?? '');
  }

  it('is told now and then, and its end once', () => {
    for (let done = 1; done <= 100; done += 1) line.show('read', done, 100);
    for (let again = 0; again < 50; again += 1) line.show('read', 100, 100);
    line.done();
    expect(said()).toBe('read: 1 of 100\nread: 100 of 100\n');
  });

  it('is told of each thing by itself', () => {
    line.show('read', 7, 7);
    line.done();
    line.show('written', 7, 7);
    line.done();
    expect(said()).toBe('read: 7 of 7\nwritten: 7 of 7\n');
  });
});
