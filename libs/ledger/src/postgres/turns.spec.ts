import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { Turns } from './turns.js';

describe('turns', () => {
  it('pass on what is told in their order, whoever is ahead', () => {
    const anyTold = fc.array(fc.array(fc.nat({ max: 99 })), { maxLength: 6 });
    fc.assert(
      fc.property(anyTold, fc.infiniteStream(fc.nat()), (told, picks) => {
        const passedOn: [turn: number, item: number][] = [];
        const turns = new Turns<[number, number]>((item) =>
          passedOn.push(item),
        );
        const going = told.map((items, turn) => ({ turn, left: [...items] }));
        while (going.length > 0) {
          const at = picks.next().value % going.length;
          const { turn, left } = going[at]!;
          const item = left.shift();
          if (item !== undefined) turns.tell(turn, [turn, item]);
          else {
            turns.end(turn);
            going.splice(at, 1);
          }
        }
        expect(passedOn).toEqual(
          told.flatMap((items, turn) => items.map((item) => [turn, item])),
        );
      }),
    );
  });

  it('let the one whose turn it is go on, and others until too much is held back', async () => {
    const turns = new Turns<string>(() => undefined, 2);
    for (const item of ['a', 'b', 'c', 'd']) turns.tell(0, item);
    await turns.pause(0);
    turns.tell(1, 'e');
    turns.tell(1, 'f');
    await turns.pause(1);
    turns.tell(1, 'g');
    const waiting = isOver(turns.pause(1));
    expect(await waiting()).toBe(false);
    turns.end(0);
    expect(await waiting()).toBe(true);
  });

  it('fail for all where one fails, the waiting too', async () => {
    const turns = new Turns<string>(() => undefined, 0);
    turns.tell(1, 'a');
    const paused = turns.pause(1);
    const lost = new Error('the connection is gone');
    turns.fail(lost);
    turns.fail(new Error('another'));
    await expect(paused).rejects.toBe(lost);
    await expect(turns.pause(0)).rejects.toBe(lost);
    expect(() => turns.assertNoneFailed()).toThrow(lost);
  });
});

/** @returns tells whether it is over, after all that was waiting to run */
function isOver(work: Promise<void>): () => Promise<boolean> {
  let over = false;
  void work.then(() => {
    over = true;
  });
  return async () => {
    await setImmediate();
    return over;
  };
}
