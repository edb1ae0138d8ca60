import { accountName } from '../account.js';
import type { Entry, EntryDraft, Posting } from '../entry.js';
import type { PoolClient } from './pool.js';

/** Writes entries with their postings, and keeps the balances of merchants and of the shard in step. */
export async function appendEntries(
  client: PoolClient,
  entries: readonly Entry[],
): Promise<void> {
  const [first] = entries;
  if (!first) return;
  const { shard, journal } = first;
  await insertEntries(client, entries);
  const lines = entries.flatMap((entry) =>
    entry.postings.map((posting, line) => ({ entry, posting, line })),
  );
  if (lines.length === 0) return;
  await insertPostings(client, lines);
  await addToBalances(client, shard, journal, entries);
}

async function insertEntries(
  client: PoolClient,
  entries: readonly Entry[],
): Promise<void> {
  const { shard, journal } = entries[0]!;
  await client.query({
    name: 'append-entries',
    text: `
      INSERT INTO entry (shard, journal, sequence, kind, merchant_id, occurred_at, recorded_at, cause, hash)
      SELECT $1, $2, * FROM unnest(
        $3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::jsonb[], $9::bytea[])`,
    values: [
      shard,
      journal,
      entries.map(({ sequence }) => sequence),
      entries.map(({ kind }) => kind),
      entries.map(({ merchantId }) => merchantId),
      entries.map(({ occurredAtMs }) => new Date(occurredAtMs)),
      entries.map(({ recordedAtMs }) => new Date(recordedAtMs)),
      entries.map(({ cause }) => JSON.stringify(cause)),
      entries.map(({ hash }) => hash),
    ],
  });
}

async function insertPostings(
  client: PoolClient,
  lines: readonly { entry: Entry; posting: Posting; line: number }[],
): Promise<void> {
  const { shard, journal } = lines[0]!.entry;
  await client.query({
    name: 'append-postings',
    text: `
      INSERT INTO posting (shard, journal, sequence, line, account, unit, amount, lot_id)
      SELECT $1, $2, * FROM unnest(
        $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::bigint[], $8::text[])`,
    values: [
      shard,
      journal,
      lines.map(({ entry }) => entry.sequence),
      lines.map(({ line }) => line),
      lines.map(({ entry, posting }) =>
        accountName(posting.account, entry.merchantId),
      ),
      lines.map(({ posting }) => posting.unit),
      lines.map(({ posting }) => posting.amount),
      lines.map(({ posting }) => posting.lotId),
    ],
  });
}

async function addToBalances(
  client: PoolClient,
  shard: number,
  journal: string,
  entries: readonly Entry[],
): Promise<void> {
  const ofMerchants = sumPostings(
    entries.filter(({ merchantId }) => merchantId !== null),
    (entry) => entry.merchantId!,
  );
  if (ofMerchants.length > 0)
    await client.query({
      name: 'add-to-merchant-balances',
      text: `
        INSERT INTO merchant_balance AS balance (shard, journal, merchant_id, account, unit, amount)
        SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[])
        ON CONFLICT (shard, merchant_id, journal, account, unit)
        DO UPDATE SET amount = balance.amount + excluded.amount`,
      values: [
        shard,
        journal,
        ofMerchants.map(({ owner }) => owner),
        ofMerchants.map(({ account }) => account),
        ofMerchants.map(({ unit }) => unit),
        ofMerchants.map(({ amount }) => amount),
      ],
    });
  const ofShard = sumPostings(entries, () => '');
  await client.query({
    name: 'add-to-shard-balances',
    text: `
      INSERT INTO shard_balance AS balance (shard, journal, account, unit, amount)
      SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::bigint[])
      ON CONFLICT (shard, journal, account, unit)
      DO UPDATE SET amount = balance.amount + excluded.amount`,
    values: [
      shard,
      journal,
      ofShard.map(({ account }) => account),
      ofShard.map(({ unit }) => unit),
      ofShard.map(({ amount }) => amount),
    ],
  });
}

interface BalanceChange extends Pick<Posting, 'account' | 'unit' | 'amount'> {
  owner: string;
}

function sumPostings<E extends EntryDraft>(
  entries: readonly E[],
  ownerOf: (entry: E) => string,
): BalanceChange[] {
  const changes = new Map<string, BalanceChange>();
  for (const entry of entries) {
    const owner = ownerOf(entry);
    for (const { account, unit, amount } of entry.postings) {
      const key = `${owner}\n${account}\n${unit}`;
      const change = changes.get(key);
      if (change) change.amount += amount;
      else changes.set(key, { owner, account, unit, amount });
    }
  }
  return [...changes.values()].filter(({ amount }) => amount !== 0n);
}
