import fc from 'fast-check';
import { inject } from 'vitest';
import { createLedger, type TestLedger } from '../../test/journal.js';
import { binaryArray } from './binary-array.js';

const text = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((value) => !value.includes('\0') && value.isWellFormed());
const timeMs = fc.integer({
  min: Date.parse('1900-01-01'),
  max: Date.parse('9999-12-31'),
});

/** By type: values, and how PostgreSQL gives each back in text. */
const TYPES: [
  type: keyof typeof binaryArray,
  values: fc.Arbitrary<unknown>,
  asText: string,
  expected: (value: never) => string,
][] = [
  ['text', text, 'v', (value: string) => value],
  [
    'json',
    fc.json({ noUnicodeString: false }),
    'v::text',
    (value: string) => value,
  ],
  [
    'jsonb',
    fc.array(fc.integer(), { maxLength: 5 }).map((v) => JSON.stringify(v)),
    'v::text',
    (value: string) => value.replaceAll(',', ', '),
  ],
  [
    'bytea',
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    `encode(v, 'hex')`,
    (value: Buffer) => value.toString('hex'),
  ],
  [
    'int8',
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    'v::text',
    String,
  ],
  ['int2', fc.integer({ min: -32768, max: 32767 }), 'v::text', String],
  ['bool', fc.boolean(), 'v::text', String],
  [
    'timestamptz',
    timeMs,
    'round(extract(epoch FROM v) * 1000)::bigint::text',
    String,
  ],
];

describe('a binary array', () => {
  let ledger: TestLedger;

  beforeAll(async () => {
    ledger = await createLedger(inject('postgresUrl'));
  });
  afterAll(() => ledger.close());

  it.each(TYPES)(
    'of %s arrives as it was',
    async (type, values, asText, expected) => {
      await fc.assert(
        fc.asyncProperty(fc.array(values, { maxLength: 20 }), async (array) => {
          const sent = (binaryArray[type] as (of: unknown[]) => Buffer)(array);
          expect(await received(type, asText, sent)).toEqual(
            array.map((value) => expected(value as never)),
          );
        }),
        { numRuns: 50 },
      );
    },
  );

  it.each([
    ['text', ['a', null, '']],
    ['timestamptz', [null, 0]],
  ] as const)('of %s has its nulls', async (type, values) => {
    const sent = (binaryArray[type] as (of: unknown) => Buffer)(values);
    const nulls = await received(type, '(v IS NULL)::text', sent);
    expect(nulls).toEqual(values.map((value) => String(value === null)));
  });

  async function received(type: string, asText: string, sent: Buffer) {
    const { rows } = await ledger.pool.query<{ text: string }>(
      `SELECT ${asText} AS text FROM unnest($1::${type}[]) WITH ORDINALITY AS t (v, place) ORDER BY place`,
      [sent],
    );
    return rows.map((row) => row.text);
  }
});
