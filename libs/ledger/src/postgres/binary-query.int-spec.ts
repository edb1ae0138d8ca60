import { inject } from 'vitest';
import { queryBinary } from './binary-query.js';
import { BinaryRows } from './binary-rows.js';
import { createPool, type Pool, type PoolClient } from './pool.js';

/** Of which some are longer than what is read at a time, and most far shorter. */
const ROWS = `
  SELECT n::bigint, repeat(chr(97 + n % 26), CASE n % 500 WHEN 0 THEN 400000 ELSE n % 300 END)
  FROM generate_series(0, $1 - 1) AS n`;

describe.each([
  ['bytes that are lent', true],
  ['bytes of its own', false],
])('asking for rows in binary, read into %s', (_, isForRows) => {
  let pool: Pool;
  let client: PoolClient;

  beforeAll(async () => {
    pool = createPool(inject('postgresUrl'), {
      applicationName: 'test',
      maxConnections: 1,
      isForRows,
      pipeline: false,
    });
    client = await pool.connect();
  });
  afterAll(async () => {
    client.release();
    await pool.end();
  });

  it('gets every row whole, and leaves the connection to others', async () => {
    for (let round = 0; round < 2; round += 1) {
      expect(await textsOf(ROWS, 3_000)).toEqual(
        Array.from({ length: 3_000 }, (__, n) =>
          String.fromCharCode(97 + (n % 26)).repeat(
            n % 500 === 0 ? 400_000 : n % 300,
          ),
        ),
      );
      const { rows } = await client.query<{ text: string }>(
        "SELECT repeat('é', 300000) AS text FROM generate_series(1, 3)",
      );
      expect(rows.map(({ text }) => text)).toEqual(
        Array.from({ length: 3 }, () => 'é'.repeat(300_000)),
      );
    }
  });

  it('fails as the query does, and as whoever takes the rows does', async () => {
    await expect(textsOf("SELECT 1 / $1::int, 'never'", 0)).rejects.toThrow(
      'division by zero',
    );
    const refused = new Error('refused');
    const refuse = (): never => {
      throw refused;
    };
    await expect(
      queryBinary(client, { text: ROWS, values: [3_000] }, refuse),
    ).rejects.toBe(refused);
    expect(await textsOf("SELECT $1::bigint, 'on'", 0)).toEqual(['on']);
  });

  it('leaves the connection to a query that waits for it, also behind one that fails', async () => {
    const [first, failing, last] = await Promise.allSettled([
      textsOf("SELECT $1::bigint, 'first'", 0),
      textsOf("SELECT 1 / $1::int, 'never'", 0),
      textsOf("SELECT $1::bigint, 'last'", 0),
    ]);
    expect(first).toMatchObject({ value: ['first'] });
    expect(failing).toMatchObject({ status: 'rejected' });
    expect(last).toMatchObject({ value: ['last'] });
  });

  /** Of rows that are numbered from 0 on. */
  async function textsOf(text: string, ...values: number[]): Promise<string[]> {
    const texts: string[] = [];
    await queryBinary(client, { text, values }, (bytes) => {
      const rows = new BinaryRows(bytes);
      while (rows.next()) {
        expect(rows.number()).toBe(texts.length);
        texts.push(rows.text());
      }
    });
    return texts;
  }
});
