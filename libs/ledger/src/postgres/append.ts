import { eventKey } from '@app/contracts';
import { accountName, isFunding, isMerchantAccount } from '../account.js';
import { eventsOf } from '../cause.js';
import type { Entry, Posting } from '../entry.js';
import { binaryArray } from './binary-array.js';
import type { Statement } from './statement.js';

/** What writes entries with their postings, and keeps the balances of merchants and of the shard in step. */
export function appendEntries(entries: readonly Entry[]): Statement[] {
  if (entries.length === 0) return [];
  return [
    insertEntries(entries),
    ...insertEvents(entries),
    ...insertPostings(entries),
  ];
}

function insertEntries(entries: readonly Entry[]): Statement {
  const { shard, journal } = entries[0]!;
  return {
    name: 'append-entries',
    text: `
      INSERT INTO entry (shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
      SELECT $1, $2, * FROM unnest(
        $3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::json[], $9::bytea[])`,
    values: [
      shard,
      journal,
      binaryArray.int8(entries.map(({ sequence }) => sequence)),
      binaryArray.text(entries.map(({ kind }) => kind)),
      binaryArray.text(entries.map(({ merchantId }) => merchantId)),
      binaryArray.timestamptz(entries.map(({ occurredAtMs }) => occurredAtMs)),
      binaryArray.timestamptz(entries.map(({ recordedAtMs }) => recordedAtMs)),
      binaryArray.json(entries.map(({ causeText }) => causeText)),
      binaryArray.bytea(entries.map(({ hash }) => hash)),
    ],
  };
}

function insertEvents(entries: readonly Entry[]): Statement[] {
  const { shard, journal } = entries[0]!;
  const named = entries.flatMap(({ sequence, cause }) => {
    const keys = eventsOf(cause).map(({ source, id }) => eventKey(source, id));
    return keys
      .filter((key, i) => keys.findIndex((other) => other.equals(key)) === i)
      .map((key) => ({ key, sequence }));
  });
  if (named.length === 0) return [];
  return [
    {
      name: 'append-entry-events',
      text: `
      INSERT INTO entry_event (shard, journal, event_key, sequence)
      SELECT $1, $2, * FROM unnest($3::bytea[], $4::bigint[])`,
      values: [
        shard,
        journal,
        binaryArray.bytea(named.map(({ key }) => key)),
        binaryArray.int8(named.map(({ sequence }) => sequence)),
      ],
    },
  ];
}

function insertPostings(entries: readonly Entry[]): Statement[] {
  const { shard, journal, sequence: last } = entries.at(-1)!;
  const { lines, ofMerchants, ofShard } = toLines(entries);
  if (lines.length === 0) return [];
  return [
    {
      name: 'append-postings',
      text: APPEND_POSTINGS,
      values: [
        shard,
        journal,
        last,
        binaryArray.text(ofMerchants.map(({ merchantId }) => merchantId)),
        binaryArray.text(ofMerchants.map(({ account }) => account)),
        binaryArray.text(ofMerchants.map(({ unit }) => unit)),
        binaryArray.int8(ofMerchants.map(({ amount }) => amount)),
        binaryArray.text(ofShard.map(({ account }) => account)),
        binaryArray.text(ofShard.map(({ unit }) => unit)),
        binaryArray.int8(ofShard.map(({ amount }) => amount)),
        binaryArray.int8(lines.map(({ sequence }) => sequence)),
        binaryArray.int2(lines.map(({ line }) => line)),
        binaryArray.text(lines.map(({ name }) => name)),
        binaryArray.text(lines.map(({ posting }) => posting.unit)),
        binaryArray.int8(lines.map(({ posting }) => posting.amount)),
        binaryArray.text(lines.map(({ posting }) => posting.lotId)),
        binaryArray.text(lines.map(({ owner }) => owner)),
        binaryArray.text(lines.map(({ posting }) => posting.account)),
        binaryArray.int8(lines.map(({ change, sum }) => sum - change.amount)),
      ],
    },
  ];
}

// A line's balance is the account's after the whole batch, less what the batch's later lines have moved.
const APPEND_POSTINGS = `
  WITH of_merchant AS (
    INSERT INTO merchant_balance AS balance (shard, journal, merchant_id, account, unit, amount)
    SELECT $1, $2, * FROM unnest($4::text[], $5::text[], $6::text[], $7::bigint[])
    ON CONFLICT (shard, merchant_id, journal, account, unit)
    DO UPDATE SET amount = balance.amount + excluded.amount
    RETURNING merchant_id, account, unit, amount
  ), of_shard AS (
    INSERT INTO shard_balance AS balance (shard, journal, account, unit, amount)
    SELECT $1, $2, * FROM unnest($8::text[], $9::text[], $10::bigint[])
    ON CONFLICT (shard, journal, account, unit)
    DO UPDATE SET amount = balance.amount + excluded.amount
    RETURNING account, unit, amount
  ), at AS (
    INSERT INTO shard_balance_at (shard, journal, account, unit, sequence, amount)
    SELECT $1, $2, account, unit, $3, amount FROM of_shard
  ), after AS (
    SELECT * FROM of_merchant UNION ALL SELECT '', * FROM of_shard
  )
  INSERT INTO posting (shard, journal, sequence, line, account, unit, amount, lot_id, balance)
  SELECT $1, $2, sequence, line, name, unit, line.amount, lot_id, after.amount + rest
  FROM unnest($11::bigint[], $12::smallint[], $13::text[], $14::text[], $15::bigint[], $16::text[],
      $17::text[], $18::text[], $19::bigint[])
    AS line (sequence, line, name, unit, amount, lot_id, merchant_id, account, rest)
  JOIN after USING (merchant_id, account, unit)`;

/** What a batch changes one balance by, in all. */
interface Change extends Pick<Posting, 'account' | 'unit' | 'amount'> {
  merchantId: string;
}

interface Line {
  sequence: bigint;
  line: number;
  name: string;
  /** The merchant whose account it is; empty for the accounts of the shard. */
  owner: string;
  posting: Posting;
  change: Change;
  /** Of the batch, up to this line. */
  sum: bigint;
}

function toLines(entries: readonly Entry[]) {
  const lines: Line[] = [];
  const [ofMerchants, ofShard] = [new Changes(), new Changes()];
  for (const { sequence, merchantId, postings } of entries) {
    postings.forEach((posting, line) => {
      const name = accountName(posting.account, merchantId);
      const inShard = ofShard.add('', posting);
      // What was used for a merchant is kept for the merchant too; a pool and the issuance are the shard's alone.
      const ofMerchant =
        merchantId !== null && !isFunding(posting.account)
          ? ofMerchants.add(merchantId, posting)
          : null;
      const isOwn = ofMerchant !== null && isMerchantAccount(posting.account);
      const change = isOwn ? ofMerchant : inShard;
      const owner = change.merchantId;
      lines.push({
        sequence,
        line,
        name,
        owner,
        posting,
        change,
        sum: change.amount,
      });
    });
  }
  return { lines, ofMerchants: ofMerchants.all, ofShard: ofShard.all };
}

class Changes {
  readonly all: Change[] = [];
  readonly #known = new Map<string, Change>();

  add(merchantId: string, { account, unit, amount }: Posting): Change {
    const key = `${account}\n${unit}\n${merchantId}`;
    let change = this.#known.get(key);
    if (!change) {
      change = { merchantId, account, unit, amount: 0n };
      this.#known.set(key, change);
      this.all.push(change);
    }
    change.amount += amount;
    return change;
  }
}
