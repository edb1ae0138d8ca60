import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import type { AccountBalance, Block, SealedHead } from '@app/sealing';

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes));
const text = fc.string({ unit: 'grapheme', maxLength: 20 });

const anyHead: fc.Arbitrary<SealedHead> = fc.record({
  shard: fc.nat(9_999),
  journal: fc.constantFrom('grants', 'promotions'),
  sequence: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  hash,
  consumed: fc.dictionary(text, fc.bigInt({ min: 0n, max: 2n ** 53n }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
});

export const anyBlock: fc.Arbitrary<Block> = fc.record({
  number: fc.maxSafeNat(),
  firstPosition: fc.maxSafeNat(),
  entryCount: fc.maxSafeNat(),
  sealedAtMs: fc.maxSafeNat(),
  heads: fc.array(anyHead, { maxLength: 5 }),
  shardCount: fc.integer({ min: 1, max: 10_000 }),
  balanceRoot: hash,
});

export const anyBalances: fc.Arbitrary<AccountBalance[]> = fc.uniqueArray(
  fc.record({
    account: fc.constantFrom(
      'merchant:m1:available',
      'merchant:m1:reserved',
      'merchant:é:owed',
      'merchant:😀:payable',
      'merchant:ﬀ:payable',
    ),
    unit: fc.constantFrom(...UNITS),
    balance: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
  { selector: ({ account, unit }) => `${account} ${unit}` },
);
