import fc from 'fast-check';
import { OpenOffsets } from './open-offsets.js';

const TOPIC = 'orders';

describe('the offsets to commit', () => {
  it('are none before anything was taken', () => {
    expect(new OpenOffsets().toCommit()).toEqual([]);
  });

  it('lie behind the last message where nothing is open', () => {
    const offsets = new OpenOffsets();
    offsets.taken(TOPIC, 0, 4n);
    offsets.taken(TOPIC, 0, 7n);
    offsets.taken(TOPIC, 1, 2n);
    expect(offsets.toCommit()).toEqual([at(0, '8'), at(1, '3')]);
  });

  it('stay at the oldest message whose work goes on', () => {
    const offsets = new OpenOffsets();
    offsets.taken(TOPIC, 0, 4n, 'one');
    offsets.taken(TOPIC, 0, 5n, 'two');
    offsets.taken(TOPIC, 0, 6n);
    expect(offsets.toCommit()).toEqual([at(0, '4')]);
    offsets.done('two');
    expect(offsets.toCommit()).toEqual([at(0, '4')]);
    offsets.done('one');
    expect(offsets.toCommit()).toEqual([at(0, '7')]);
  });

  it('are told once', () => {
    const offsets = new OpenOffsets();
    offsets.taken(TOPIC, 0, 4n);
    offsets.committed(offsets.toCommit());
    expect(offsets.toCommit()).toEqual([]);
    offsets.taken(TOPIC, 0, 5n);
    expect(offsets.toCommit()).toEqual([at(0, '6')]);
  });

  it('do not move where messages are read again', () => {
    const offsets = new OpenOffsets();
    offsets.taken(TOPIC, 0, 4n, 'one');
    offsets.taken(TOPIC, 0, 5n, 'two');
    offsets.committed(offsets.toCommit());
    offsets.taken(TOPIC, 0, 4n, 'one');
    offsets.taken(TOPIC, 0, 5n, 'two');
    expect(offsets.toCommit()).toEqual([]);
    offsets.done('one');
    offsets.done('two');
    expect(offsets.toCommit()).toEqual([at(0, '6')]);
  });

  it('never pass a message whose work goes on, and never go back', () => {
    const step = fc.record({ doneIndex: fc.option(fc.nat(30)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const offsets = new OpenOffsets();
        const open = new Set<number>();
        let last = 0n;
        for (const [offset, { doneIndex }] of steps.entries()) {
          offsets.taken(TOPIC, 0, BigInt(offset), `id-${offset}`);
          open.add(offset);
          if (doneIndex !== null) {
            offsets.done(`id-${doneIndex}`);
            open.delete(doneIndex);
          }
          const toCommit = offsets.toCommit();
          const next = toCommit[0] ? BigInt(toCommit[0].offset) : last;
          expect(next).toBe(BigInt(Math.min(offset + 1, ...open)));
          expect(next).toBeGreaterThanOrEqual(last);
          offsets.committed(toCommit);
          last = next;
        }
      }),
    );
  });
});

function at(partition: number, offset: string) {
  return { topic: TOPIC, partition, offset };
}
