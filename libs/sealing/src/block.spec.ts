import fc from 'fast-check';
import { encodeEntry } from '@app/ledger';
import { grantOf } from '../../ledger/test/entries.js';
import { anyBlock } from '../test/arbitraries.js';
import {
  decodeBlock,
  encodeBlock,
  headBytes,
  isBlockLeaf,
  positionOfBlock,
  type Block,
} from './block.js';

const BLOCK: Block = {
  number: 7,
  firstPosition: 40,
  entryCount: 2,
  sealedAtMs: 1_731_283_200_000,
  heads: [
    {
      shard: 3,
      journal: 'grants',
      sequence: 12n,
      hash: Buffer.alloc(32, 0xab),
      consumed: { 'merchant.activity.v1': 99n },
    },
  ],
  shardCount: 64,
  balanceRoot: Buffer.alloc(32, 0xcd),
};

describe('the leaf of a block', () => {
  it('has every field, led by its length', () => {
    const fields = [
      'traffic-reward-ledger/block/v1',
      '7',
      '40',
      '2',
      '1731283200000',
      '1',
      '3',
      'grants',
      '12',
      'ab'.repeat(32),
      '1',
      'merchant.activity.v1',
      '99',
      '64',
      'cd'.repeat(32),
    ];
    const expected = fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, Buffer.from(field)];
    });
    expect(encodeBlock(BLOCK)).toEqual(Buffer.concat(expected));
    expect(positionOfBlock(BLOCK)).toBe(42);
  });

  it('is read again as it was', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        expect(decodeBlock(encodeBlock(block))).toEqual(block);
      }),
    );
  });

  it('is longer by each head by what a head is said to take', () => {
    const { length } = encodeBlock({ ...BLOCK, heads: [] });
    expect(encodeBlock(BLOCK).length - length).toBe(headBytes(BLOCK.heads[0]!));
  });

  it('is not taken for an entry, nor an entry for it', () => {
    const entry = encodeEntry({
      ...grantOf(5n),
      shard: 1,
      journal: 'grants',
      sequence: 1n,
      recordedAtMs: 0,
    });
    expect(isBlockLeaf(encodeBlock(BLOCK))).toBe(true);
    expect(isBlockLeaf(entry)).toBe(false);
    expect(() => decodeBlock(entry)).toThrow(
      'not a block: it begins with "traffic-reward-ledger/entry/v1"',
    );
  });

  it('is refused where any byte is missing, or one is too much', () => {
    const leaf = encodeBlock(BLOCK);
    for (let length = 0; length < leaf.length; length += 1)
      expect(() => decodeBlock(leaf.subarray(0, length))).toThrow();
    expect(() => decodeBlock(Buffer.concat([leaf, Buffer.of(0)]))).toThrow(
      'a leaf has more than its fields',
    );
  });

  it('is another leaf with any bit changed, or none', () => {
    const leaf = encodeBlock(BLOCK);
    fc.assert(
      fc.property(
        fc.nat(leaf.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (at, change) => {
          const changed = Buffer.from(leaf);
          changed[at]! ^= change;
          let decoded;
          try {
            decoded = decodeBlock(changed);
          } catch {
            return;
          }
          expect(decoded).not.toEqual(BLOCK);
        },
      ),
    );
  });

  it('has sources in one order alone', () => {
    const [head] = BLOCK.heads;
    const of = (consumed: Record<string, bigint>) =>
      encodeBlock({ ...BLOCK, heads: [{ ...head!, consumed }] });
    const leaf = of({ b: 1n, a: 2n });
    expect(leaf).toEqual(of({ a: 2n, b: 1n }));
    const at = leaf.indexOf('a\0\0\0\x012');
    const swapped = Buffer.from(leaf);
    swapped.write('b', at);
    swapped.write('a', leaf.indexOf('b\0\0\0\x011'));
    expect(() => decodeBlock(swapped)).toThrow('in the only right way');
  });
});
