import fc from 'fast-check';
import { TimeQueue } from './time-queue.js';

describe('a queue by time', () => {
  it('gives everything in the order of time, and of one time in the order in which it came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new TimeQueue<number>();
        times.forEach((atMs, serial) => queue.push(atMs, serial));
        const sorted = times
          .map((atMs, item) => ({ atMs, item }))
          .sort((a, b) => a.atMs - b.atMs || a.item - b.item);
        expect(drain(queue)).toEqual(sorted);
      }),
    );
  });

  it('stays in order where things come and go in turn', () => {
    const steps = fc.array(
      fc.option(fc.integer({ min: 0, max: 20 }), { nil: 'pop' as const }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new TimeQueue<number>();
        const model: { atMs: number; item: number }[] = [];
        for (const [item, step] of all.entries()) {
          if (step === 'pop') {
            if (model.length === 0) continue;
            expect(queue.pop()).toMatchObject(model.shift()!);
          } else {
            queue.push(step, item);
            model.push({ atMs: step, item });
            model.sort((a, b) => a.atMs - b.atMs || a.item - b.item);
          }
          expect(queue.size).toBe(model.length);
          expect(queue.nextAtMs).toBe(model[0]?.atMs ?? Infinity);
        }
      }),
    );
  });

  it('has nothing to give where it is empty', () => {
    const queue = new TimeQueue();
    expect(queue.nextAtMs).toBe(Infinity);
    expect(() => queue.pop()).toThrow(RangeError);
  });
});

function drain<T>(queue: TimeQueue<T>): { atMs: number; item: T }[] {
  return Array.from({ length: queue.size }, () => {
    const { atMs, item } = queue.pop();
    return { atMs, item };
  });
}
