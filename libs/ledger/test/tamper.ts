import {
  inTransaction,
  type Pool,
  type PoolClient,
} from '@app/ledger/postgres';

/** Changes the record behind the database's back, as its superuser can: the triggers are off meanwhile. */
export async function tamper(pool: Pool, statements: string): Promise<void> {
  await inTransaction(pool, async (client) => {
    const turnOn = await turnTriggersOff(client);
    await client.query(statements);
    await turnOn();
  });
}

/** What is seen where the record is changed like that; it is changed back behind it. */
export async function whileTampered<Result>(
  pool: Pool,
  statements: string,
  look: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await turnTriggersOff(client);
    await client.query(statements);
    return await look(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function turnTriggersOff(
  client: PoolClient,
): Promise<() => Promise<void>> {
  const { rows: triggers } = await client.query<{ on: string; name: string }>(
    `SELECT tgrelid::regclass::text AS on, quote_ident(tgname) AS name FROM pg_trigger
     WHERE NOT tgisinternal AND tgenabled = 'A'`,
  );
  for (const { on, name } of triggers)
    await client.query(`ALTER TABLE ${on} DISABLE TRIGGER ${name}`);
  return async () => {
    for (const { on, name } of triggers)
      await client.query(`ALTER TABLE ${on} ENABLE ALWAYS TRIGGER ${name}`);
  };
}

const of = (journal: string, sequence: number) =>
  `WHERE shard = $ AND journal = '${journal}' AND sequence = ${sequence}`;
const LAST = of('promotions', 20);

/**
 * What is changed of a shard of five rewarded merchants, and how; the first entry that is to be found, and what is
 * to be said of it. $ is the shard.
 */
export const TAMPERINGS: [
  what: string,
  statements: string,
  entryId: string | null,
  problem: string,
][] = [
  [
    'a byte of a cause',
    `UPDATE entry SET cause = replace(cause::text, '1-order', '2-order')::json ${of('grants', 3)}`,
    'grants-$-3',
    'grants-$-3 was changed: it has the hash ',
  ],
  [
    'a number of a cause, by less than a double holds',
    `UPDATE entry SET cause = replace(cause::text, '"threshold":1,', '"threshold":1.00000000000000001,')::json ${of('grants', 3)}`,
    'grants-$-3',
    'grants-$-3 was changed',
  ],
  [
    'a time, by a microsecond',
    `UPDATE entry SET occurred_at = occurred_at + interval '1 microsecond' ${of('promotions', 1)}`,
    'promotions-$-1',
    'promotions-$-1 was changed',
  ],
  [
    'an amount, in both lines',
    `UPDATE posting SET amount = amount * 2 ${of('promotions', 6)}`,
    'promotions-$-6',
    'promotions-$-6 was changed',
  ],
  [
    'an amount, in one line',
    `UPDATE posting SET amount = amount + 7 ${of('promotions', 6)} AND line = 1`,
    'promotions-$-6',
    'promotions-$-6 is off by 7 ANY_IMP',
  ],
  [
    'the merchant of an account',
    `UPDATE posting SET account = 'merchant:m1:available' ${of('grants', 4)} AND line = 1`,
    'grants-$-4',
    'grants-$-4 was changed',
  ],
  [
    'the number of a line',
    `UPDATE posting SET line = 7 ${of('grants', 4)} AND line = 1`,
    'grants-$-4',
    'grants-$-4 has no line 1 among its postings, but a line 7',
  ],
  [
    'an entry by postings that balance',
    `INSERT INTO posting VALUES ($, 'grants', 2, 2, 'pool:ladder', 'CNY', -5, NULL, -5),
       ($, 'grants', 2, 3, 'merchant:m1:payable', 'CNY', 5, NULL, 5)`,
    'grants-$-2',
    'grants-$-2 was changed',
  ],
  [
    'the journal, by an entry in the middle that is gone',
    `DELETE FROM posting ${of('promotions', 7)}; DELETE FROM entry ${of('promotions', 7)}`,
    'promotions-$-7',
    'promotions-$-7 is missing',
  ],
  [
    'an entry, to postings without one',
    `DELETE FROM entry ${of('promotions', 20)}`,
    'promotions-$-20',
    'promotions-$-20 has postings, but there is no such entry',
  ],
  [
    'the journal, by its tail',
    `DELETE FROM posting ${LAST}; DELETE FROM entry ${LAST}`,
    'promotions-$-20',
    'promotions-$-20 is missing',
  ],
  [
    'the journal, by its tail, with the head moved back',
    `DELETE FROM posting ${LAST}; DELETE FROM entry ${LAST};
     UPDATE lot_use SET reserved = 200 WHERE shard = $ AND lot_id = 'grants-$-6';
     UPDATE merchant_balance SET amount = amount + CASE account WHEN 'available' THEN -200 ELSE 200 END
       WHERE shard = $ AND journal = 'promotions' AND merchant_id = 'm5' AND account IN ('available', 'reserved');
     UPDATE shard_balance SET amount = amount + CASE account WHEN 'available' THEN -200 ELSE 200 END
       WHERE shard = $ AND journal = 'promotions' AND account IN ('available', 'reserved');
     UPDATE shard_balance_at SET sequence = 19, amount = amount + CASE account WHEN 'available' THEN -200 WHEN 'reserved' THEN 200 ELSE 0 END
       WHERE shard = $ AND journal = 'promotions';
     UPDATE shard_head SET sequence = 19, hash = (SELECT hash FROM entry ${of('promotions', 19)})
       WHERE shard = $ AND journal = 'promotions'`,
    'promotions-$-20',
    'the head of promotions-$ stands at revision 1, sequence 19, consumed {"topic": 1}, but its last batch at revision 1, sequence 20, consumed {"topic": 1}',
  ],
  [
    'a head, by its hash',
    `UPDATE shard_head SET hash = sha256('x') WHERE shard = $ AND journal = 'grants'`,
    'grants-$-6',
    'grants-$-6 has the hash ',
  ],
  [
    'a head, by what it consumed',
    `UPDATE shard_head SET consumed = '{"topic": 3}' WHERE shard = $ AND journal = 'grants'`,
    null,
    'the head of grants-$ stands at revision 2, sequence 6, consumed {"topic": 3}, but its last batch at',
  ],
  [
    'the batches, by one that is gone',
    `DELETE FROM journal_batch WHERE shard = $ AND journal = 'grants' AND revision = 1`,
    null,
    'journal_batch of grants-$ goes from revision 0, sequence 0, to revision 2, sequence 6',
  ],
  [
    'a balance of a merchant',
    `UPDATE merchant_balance SET amount = 900 WHERE shard = $ AND journal = 'grants' AND merchant_id = 'm2' AND account = 'available'`,
    null,
    'merchant_balance of m2 in grants-$: available has 900 ANY_IMP, but the postings sum to 1000',
  ],
  [
    'a balance of a merchant that had none',
    `INSERT INTO merchant_balance VALUES ($, 'm9', 'grants', 'available', 'CNY', 1)`,
    null,
    'merchant_balance of m9 in grants-$: available has 1 CNY, but the postings sum to 0',
  ],
  [
    'a running balance',
    `UPDATE posting SET balance = balance + 1 ${of('grants', 4)} AND line = 1`,
    'grants-$-4',
    'grants-$-4 has a running balance of merchant:m3:available in ANY_IMP that is not the sum of its postings',
  ],
  [
    'what a shard stood at after a commit',
    `UPDATE shard_balance_at SET amount = amount - 1 WHERE shard = $ AND journal = 'grants' AND account = 'available'`,
    'grants-$-6',
    'shard_balance_at of grants-$-6: available has 4999 ANY_IMP, but the postings sum to 5000',
  ],
  [
    'the time of a commit',
    `UPDATE journal_batch SET recorded_at = recorded_at + interval '1 hour'
       WHERE shard = $ AND journal = 'grants' AND revision = 1`,
    null,
    'journal_batch of grants-$ at revision 2 was recorded at ',
  ],
  [
    'the time of a commit, by less than lies between it and the next',
    `UPDATE journal_batch SET recorded_at = recorded_at - interval '1 hour'
       WHERE shard = $ AND journal = 'grants' AND revision = 1`,
    null,
    'journal_batch of grants-$ at revision 1 was recorded at ',
  ],
  [
    'a balance of the shard',
    `DELETE FROM shard_balance WHERE shard = $ AND account = 'spent:live'`,
    null,
    'shard_balance of promotions-$: spent:live has 0 ANY_IMP, but the postings sum to 2000',
  ],
  [
    'a lot',
    `UPDATE lot SET expires_at = '2025-12-01T00:00:00Z' WHERE shard = $ AND lot_id = 'grants-$-5'`,
    'grants-$-5',
    'lot grants-$-5 is 1000 ANY_IMP of m4 from ladder until 2025-12-01T00:00:00.000000, but the entry says 1000 ANY_IMP of m4 from ladder until 2024-12-01T00:00:00.000000',
  ],
  [
    'the lots, by one more',
    `INSERT INTO lot VALUES ($, 'grants-$-99', 'm1', 'CNY', 5, now(), 'ladder')`,
    'grants-$-99',
    'lot grants-$-99 has no entry',
  ],
  [
    'the lots, by one that is gone',
    `DELETE FROM lot_use WHERE shard = $ AND lot_id = 'grants-$-5'; DELETE FROM lot WHERE shard = $ AND lot_id = 'grants-$-5'`,
    'grants-$-5',
    'grants-$-5 is a grant without its row in lot',
  ],
  [
    'the use of a lot',
    `UPDATE lot_use SET spent = 300 WHERE shard = $ AND lot_id = 'grants-$-4'`,
    'grants-$-4',
    'lot_use of grants-$-4 has (reserved, spent, expired, clawed back) as {0,300,0,0}, but the postings sum to {0,400,0,0}',
  ],
  [
    'the use of a lot, by what was granted',
    `UPDATE lot_use SET granted = 5000 WHERE shard = $ AND lot_id = 'grants-$-4'`,
    'grants-$-4',
    'lot_use of grants-$-4 says that 5000 were granted, but lot says 1000',
  ],
];
