import type { Journal } from '@app/ledger';
import { encodeBlock, type SealedHead } from './block.js';
import { rangesOf, SealCursors, selectHeads } from './order.js';

const hash = (byte: number) => Buffer.alloc(32, byte);
const head = (
  journal: Journal,
  shard: number,
  sequence: bigint,
): SealedHead => ({
  shard,
  journal,
  sequence,
  hash: hash(Number(sequence)),
  consumed: { 'merchant.activity.v1': sequence * 10n },
});

describe('the heads of a block', () => {
  it('are those with new entries, by shard, grants before promotions', () => {
    const cursors = new SealCursors();
    cursors.advance([head('grants', 2, 5n), head('grants', 1, 3n)]);
    const { heads, next } = selectHeads(
      [
        head('promotions', 1, 2n),
        head('grants', 10, 1n),
        head('grants', 2, 5n),
        head('grants', 1, 4n),
      ],
      cursors,
    );
    expect(heads).toEqual([
      head('grants', 1, 4n),
      head('promotions', 1, 2n),
      head('grants', 10, 1n),
    ]);
    expect(next).toBeNull();
  });

  it('may stand neither behind what is sealed, nor have another hash there', () => {
    const cursors = new SealCursors();
    cursors.advance([head('grants', 2, 5n)]);
    expect(() => selectHeads([head('grants', 2, 4n)], cursors)).toThrow(
      'grants-2-5 is sealed, but grants of shard 2 ends at 4: entries were cut off',
    );
    const changed = { ...head('grants', 2, 5n), hash: hash(9) };
    expect(() => selectHeads([changed], cursors)).toThrow(
      'grants-2-5 was changed: it has another hash than was sealed',
    );
  });

  it('are no more than a leaf holds, whole shards, and each in its turn', () => {
    const cursors = new SealCursors();
    const heads = Array.from({ length: 1_000 }, (_, shard) => [
      head('grants', shard, 1n),
      head('promotions', shard, 1n),
    ]).flat();
    const sealed: SealedHead[] = [];
    let rounds = 0;
    for (let from: number | null = 0; from !== null; rounds += 1) {
      const chosen = selectHeads(heads, cursors, from);
      const leaf = encodeBlock({
        number: Number.MAX_SAFE_INTEGER,
        firstPosition: Number.MAX_SAFE_INTEGER,
        entryCount: Number.MAX_SAFE_INTEGER,
        sealedAtMs: Number.MAX_SAFE_INTEGER,
        heads: chosen.heads,
        shardCount: 1_000,
        balanceRoot: hash(1),
      });
      expect(leaf.length).toBeLessThan(65_536);
      expect(chosen.heads.length % 2).toBe(0);
      cursors.advance(chosen.heads);
      sealed.push(...chosen.heads);
      from = chosen.next;
    }
    expect(rounds).toBeGreaterThan(3);
    expect(sealed).toEqual(heads);
  });

  it('begin with the shard whose turn it is where not all fit', () => {
    const heads = Array.from({ length: 1_000 }, (_, shard) =>
      head('grants', shard, 1n),
    );
    const chosen = selectHeads(heads, new SealCursors(), 900);
    expect(chosen.heads.at(-1)).toEqual(heads.at(-1));
    expect(chosen.heads[0]).toEqual(heads[0]);
    expect(chosen.next).toBeLessThan(900);
  });
});

describe('the ranges of a block', () => {
  it('follow each other without a gap from what was sealed before', () => {
    const cursors = new SealCursors();
    cursors.advance([head('grants', 1, 3n)]);
    const block = {
      number: 4,
      firstPosition: 100,
      heads: [head('grants', 1, 5n), head('promotions', 1, 3n)],
    };
    const { ranges, entryCount } = rangesOf(block, cursors);
    expect(entryCount).toBe(5);
    expect(ranges).toMatchObject([
      { firstSequence: 4n, lastSequence: 5n, firstPosition: 100, block: 4 },
      { firstSequence: 1n, lastSequence: 3n, firstPosition: 102 },
    ]);
  });

  it.each([
    ['out of order', [head('promotions', 1, 3n), head('grants', 1, 5n)]],
    ['twice', [head('grants', 2, 3n), head('grants', 2, 3n)]],
    ['in vain', [head('grants', 1, 3n)]],
  ])('are refused with a head %s', (_, heads) => {
    const cursors = new SealCursors();
    cursors.advance([head('grants', 1, 3n)]);
    expect(() =>
      rangesOf({ number: 4, firstPosition: 0, heads }, cursors),
    ).toThrow('block 4 has');
  });
});
