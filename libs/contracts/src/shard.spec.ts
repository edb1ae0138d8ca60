import fc from 'fast-check';
import { murmur2, shardOf } from './shard.js';

describe('murmur2', () => {
  // Those of Kafka's own test of its Java client, and two more.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
    ['', 275646681],
  ])('of "%s" is that of the Java client', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  it('reads the bytes it was given and none around them', () => {
    const text = Buffer.from('foobar');
    const within = Buffer.concat([Buffer.from('xyz'), text, Buffer.from('z')]);
    expect(murmur2(within.subarray(3, 9))).toBe(murmur2(text));
  });
});

describe('the shard of a merchant', () => {
  it('is one of the installation, the same whenever it is asked for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 32_767 }),
        (merchantId, shardCount) => {
          const shard = shardOf(merchantId, shardCount);
          expect(Number.isInteger(shard)).toBe(true);
          expect(shard).toBeGreaterThanOrEqual(0);
          expect(shard).toBeLessThan(shardCount);
          expect(shardOf(merchantId, shardCount)).toBe(shard);
        },
      ),
    );
  });

  it('spreads merchants over all shards evenly', () => {
    const counts = Array.from({ length: 64 }, () => 0);
    for (let i = 0; i < 64_000; i += 1)
      counts[shardOf(`merchant-${i}`, 64)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });
});
