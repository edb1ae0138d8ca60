import { inject } from 'vitest';
import { createLedger, type TestLedger } from '../../test/journal.js';
import {
  forgetQuarter,
  keepActivityFrom,
  Quarters,
  readActivityKeptFromMs,
  readSeenEvents,
} from './seen-events.js';

const KEYS = [1, 2, 3].map((n) => Buffer.alloc(16, n));
const HASH = Buffer.alloc(16, 9);

describe('events seen before', () => {
  let ledger: TestLedger;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
  });
  afterEach(() => ledger.close());

  it('are those of the shard among the ones asked for, whenever they happened', async () => {
    const times = ['2018-01-01T00:00:00Z', '2024-11-11T00:00:00Z'];
    await new Quarters(ledger.pool).ensure(
      'promotion_input',
      times.map(Date.parse),
    );
    await insert(3, KEYS[0]!, times[0]!);
    await insert(3, KEYS[1]!, times[1]!);
    await insert(4, KEYS[2]!, times[1]!);
    expect(await seen(3, KEYS)).toEqual(
      new Map([
        [KEYS[0]!.toString('hex'), HASH],
        [KEYS[1]!.toString('hex'), HASH],
      ]),
    );
    expect(await seen(3, [KEYS[2]!])).toEqual(new Map());
    expect(await seen(3, [])).toEqual(new Map());
  });

  it('are kept apart for the granter and the promoter', async () => {
    await new Quarters(ledger.pool).ensure('promotion_input', [0]);
    await insert(3, KEYS[0]!, '1970-01-01T00:00:00Z');
    expect(await readSeenEvents(ledger.pool, 'activity', 3, KEYS)).toEqual(
      new Map(),
    );
  });

  it('find the quarter of their UTC time, made once for all that ask', async () => {
    const lastOfOne = Date.parse('2024-06-30T23:59:59.999Z');
    const times = [lastOfOne, lastOfOne + 1];
    const quarters = new Quarters(ledger.pool);
    await quarters.ensure('activity', times);
    await quarters.ensure('activity', times);
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        new Quarters(ledger.pool).ensure('promotion_input', times),
      ),
    );
    for (const time of times)
      await insert(1, KEYS[0]!, new Date(time).toISOString());
    const { rows } = await ledger.pool.query(
      `SELECT tableoid::regclass::text AS part FROM promotion_input ORDER BY occurred_at`,
    );
    expect(rows).toEqual([
      { part: 'promotion_input_2024q2' },
      { part: 'promotion_input_2024q3' },
    ]);
    expect(await partsOf('activity')).toEqual([
      'activity_2024q2',
      'activity_2024q3',
    ]);
  });

  it('find their quarter whatever the time zone of the session', async () => {
    const client = await ledger.pool.connect();
    await client.query(`SET timezone = 'Asia/Shanghai'`);
    await client.query(
      `SELECT ensure_quarter('activity', '2024-06-30T23:00:00Z')`,
    );
    client.release(true);
    expect(await partsOf('activity')).toEqual(['activity_2024q2']);
  });

  it('are kept from when on it was said, which never moves back', async () => {
    const { pool } = ledger;
    const from = () => readActivityKeptFromMs(pool);
    expect(await from()).toBe(-Infinity);
    await keepActivityFrom(pool, Date.UTC(2024, 3));
    expect(await from()).toBe(Date.UTC(2024, 3));
    await keepActivityFrom(pool, Date.UTC(2023, 3));
    await forgetQuarter(pool, { table: 'activity', first: '2023-10-01' });
    await forgetQuarter(pool, {
      table: 'promotion_input',
      first: '2024-07-01',
    });
    expect(await from()).toBe(Date.UTC(2024, 3));
    await forgetQuarter(pool, { table: 'activity', first: '2024-04-01' });
    expect(await from()).toBe(Date.UTC(2024, 6));
  });

  it('are kept from the first of a quarter on, and for 400 days in any case', async () => {
    const { pool } = ledger;
    await expect(keepActivityFrom(pool, Date.UTC(2024, 4))).rejects.toThrow(
      'no quarter begins on 2024-05-01',
    );
    const year = new Date().getUTCFullYear();
    await expect(keepActivityFrom(pool, Date.UTC(year, 0))).rejects.toThrow(
      'it was less than 400 days ago',
    );
    expect(await readActivityKeptFromMs(pool)).toBe(-Infinity);
  });

  function seen(shard: number, keys: Buffer[]) {
    return readSeenEvents(ledger.pool, 'promotion_input', shard, keys);
  }

  async function insert(shard: number, key: Buffer, time: string) {
    await ledger.pool.query(
      'INSERT INTO promotion_input VALUES ($1, $2, $3, $4)',
      [shard, key, HASH, time],
    );
  }

  async function partsOf(table: string): Promise<string[]> {
    const { rows } = await ledger.pool.query<{ part: string }>(
      `SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1`,
      [table],
    );
    return rows.map(({ part }) => part);
  }
});
