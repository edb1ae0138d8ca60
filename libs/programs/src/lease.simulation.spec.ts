import fc from 'fast-check';
import { LeasingShards } from '../test/leasing-shards.js';

const SHARDS = 4;

const anyAct = fc.record({
  what: fc.constantFrom('lend', 'grant', 'giveBack', 'reclaim'),
  shard: fc.nat({ max: SHARDS - 1 }),
  amount: fc.bigInt({ min: 0n, max: 40n }),
});
/** Begins something, goes on with something that was begun, or loses it: its process has died. */
const anyMove = fc.oneof(
  { weight: 4, arbitrary: anyAct.map((act) => ({ act })) },
  { weight: 8, arbitrary: fc.nat().map((goesOn) => ({ goesOn })) },
  { weight: 1, arbitrary: fc.nat().map((dies) => ({ dies })) },
);
type Move = { act?: Act; goesOn?: number; dies?: number };
type Act = { what: string; shard: number; amount: bigint };

describe('a pool that shards lease, whoever does what when and dies of it', () => {
  const anyTotal = fc.bigInt({ min: 0n, max: 400n });
  const anyMoves = fc.array(anyMove, { maxLength: 150 });

  it('is never overdrawn, and loses and doubles no unit', () => {
    fc.assert(
      fc.property(anyTotal, anyMoves, (total, moves) => {
        const shards = new LeasingShards(total, SHARDS);
        play(shards, moves);
      }),
      { numRuns: 500 },
    );
  });

  it('can all be granted in one shard in the end, once the others have given back', () => {
    const anyShard = fc.nat({ max: SHARDS - 1 });
    fc.assert(
      fc.property(anyTotal, anyMoves, anyShard, (total, moves, shard) => {
        const shards = new LeasingShards(total, SHARDS);
        play(shards, moves);
        shards.bringHomeBut(shard);
        shards.drain(shard, 7n);
        expect(shards.faults()).toEqual([]);
        expect(shards.granted).toBe(total);
      }),
      { numRuns: 300 },
    );
  });

  it('is granted to the last unit where all shards draw on it', () => {
    const wanted = fc.bigInt({ min: 1n, max: 50n });
    fc.assert(
      fc.property(anyTotal, anyMoves, wanted, (total, moves, amount) => {
        const shards = new LeasingShards(total, SHARDS);
        play(shards, moves);
        // What is on its way back is reclaimed by who finds the home dry.
        shards.bringHomeBut(0);
        for (let shard = 0; shard < SHARDS; shard++)
          shards.drain(shard, amount);
        expect(shards.granted).toBe(total);
      }),
    );
  });
});

function play(shards: LeasingShards, moves: readonly Move[]): void {
  const begun: Generator[] = [];
  for (const { act, goesOn, dies } of moves) {
    if (act) begun.push(begin(shards, act));
    else if (begun.length > 0) {
      const at = (goesOn ?? dies ?? 0) % begun.length;
      const isOver = dies !== undefined || begun[at]!.next().done;
      if (isOver) begun.splice(at, 1);
    }
    expect(shards.faults()).toEqual([]);
  }
}

function begin(shards: LeasingShards, { what, shard, amount }: Act): Generator {
  switch (what) {
    case 'lend':
      // The home needs no loan.
      return shards.lend(shard || 1, amount);
    case 'grant':
      return shards.grant(shard, amount);
    case 'giveBack':
      return shards.giveBack(shard);
    default:
      return shards.reclaim(shard);
  }
}
