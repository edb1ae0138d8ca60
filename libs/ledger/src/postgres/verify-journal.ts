import { setImmediate } from 'node:timers/promises';
import type { Unit } from '@app/contracts';
import { EMPTY_CHAIN } from '../chain.js';
import { entryId } from '../entry.js';
import { ShardBalanceVerifier, type BalanceAt } from '../verify-balances.js';
import {
  ChainVerifier,
  ENTRY_HASH_BYTES,
  type Finding,
  type HashedEntries,
} from '../verify.js';
import type { AccountSums } from './account-sums.js';
import { queryBinary } from './binary-query.js';
import { BinaryRows } from './binary-rows.js';
import { EntryCursor } from './entry-cursor.js';
import type { PoolClient } from './pool.js';
import {
  readRange,
  readStoredRows,
  type JournalPlace,
  type SequenceRange,
} from './stored-entries.js';
import type { VerifySpace } from './verify-space.js';

/** Entries worked on until what has come of other pages is looked at, so that the database need not wait long. */
const SLICE = 250;

/** One wrong entry makes all later sums wrong. */
const MOST_WRONG_SUMS = 20;

const BALANCES_AT = {
  name: 'stored-balances',
  text: `
  SELECT sequence, account, unit, amount FROM shard_balance_at
  WHERE shard = $1 AND journal = $2 AND sequence > $3 AND sequence <= $4
  ORDER BY sequence`,
};

// Primary keys have entries in the order in which they are wanted: the planner would rather sort them, page after page.
const IN_ORDER =
  'SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off';
const IN_ANY_ORDER =
  'SET LOCAL enable_sort = on; SET LOCAL enable_bitmapscan = on';

export interface JournalVerification {
  place: JournalPlace;
  /** Its lots learn what the entries say of lots; all else is begun anew. */
  space: VerifySpace;
  onFinding: (finding: Finding) => void;
  /** Called for sums of the shard that are not what entries make; {@link onFinding} if it is left out. */
  onWrongSum?: (finding: Finding) => void;
  /** Hashes the canonical bytes of an entry once more, in another way; null where nobody asks for it. */
  hashOf: EntryHash | null;
  /** Gets the number of entries of each page, with what {@link hashOf} made of them, and is waited for. */
  onPage: (count: number, entries: HashedEntries) => Promise<void>;
}

/** @returns of {@link ENTRY_HASH_BYTES} */
export type EntryHash = (bytes: Buffer) => Buffer;

/** @returns whether all balances of accounts, running and kept, are known to be right */
export async function verifyJournal(
  client: PoolClient,
  {
    place,
    space,
    onFinding,
    onWrongSum = onFinding,
    hashOf,
    onPage,
  }: JournalVerification,
): Promise<boolean> {
  const { journal, shard } = place;
  const { accounts, lots } = space;
  const head = await readHead(client, place);
  const chain = new ChainVerifier(journal, shard, head, onFinding);
  const ofShard = new ShardBalanceVerifier(journal, shard);
  accounts.begin(ofShard);
  const addToLots =
    journal === 'grants' ? lots.addGrant.bind(lots) : lots.addUse.bind(lots);
  let hasOrphans = false;
  let lastOrphan = 0n;
  const entry = new EntryCursor(place, (sequence) => {
    hasOrphans = true;
    if (sequence === lastOrphan) return;
    lastOrphan = sequence;
    orphans.push(sequence);
  });
  const orphans: bigint[] = [];
  const wrongSums: Finding[] = [];
  await client.query(IN_ORDER);
  const pages = readStoredRows(
    client,
    place,
    {},
    (range) => readBalancesAt(client, place, range),
    space.pages,
  );
  for await (const page of pages) {
    const hashed = new Hashed(hashOf);
    const balances = new BalancesAt(page.balancesAt, (balance) => {
      const finding = ofShard.compare(balance);
      // Told after the entries: a sum is wrong because an entry is.
      if (finding && wrongSums.length < MOST_WRONG_SUMS)
        wrongSums.push(finding);
    });
    let count = 0;
    for (entry.load(page); entry.next(); count += 1) {
      entry.encode();
      chain.check(entry);
      hashed.add(entry);
      balances.passAhead(entry.sequence);
      accounts.add(entry);
      addToLots(entry, accounts.kinds);
      balances.passTo(entry.sequence);
      if (count % SLICE === SLICE - 1) await setImmediate();
    }
    balances.passTo(page.range.upTo);
    for (const sequence of orphans.splice(0)) {
      const id = entryId(journal, shard, sequence);
      const problem = `${id} has postings, but there is no such entry`;
      onFinding({ shard, entryId: id, problem });
    }
    await onPage(count, hashed.entries());
  }
  await client.query(IN_ANY_ORDER);
  chain.end();
  wrongSums.forEach(onWrongSum);
  for (const finding of ofShard.end(await readOfShard(client, place)))
    onWrongSum(finding);
  await takeOffOfMerchants(client, place, accounts);
  return accounts.isRight() && !hasOrphans;
}

/** The entries of a page, hashed once more where somebody asks for it. */
class Hashed {
  readonly #sequences: bigint[] = [];
  readonly #hashes: Buffer[] = [];

  constructor(private readonly hashOf: EntryHash | null) {}

  add(entry: EntryCursor): void {
    if (!this.hashOf) return;
    this.#sequences.push(entry.sequence);
    this.#hashes.push(this.hashOf(entry.encoded()));
  }

  entries(): HashedEntries {
    const hashes = new Uint8Array(this.#hashes.length * ENTRY_HASH_BYTES);
    this.#hashes.forEach((hash, i) => hashes.set(hash, i * ENTRY_HASH_BYTES));
    return { sequences: BigInt64Array.from(this.#sequences), hashes };
  }
}

/** Tells of balances as the entries go by. */
class BalancesAt {
  readonly #rows: BinaryRows;
  #next: BalanceAt | null;

  constructor(
    rows: Buffer,
    private readonly onBalance: (balance: BalanceAt) => void,
  ) {
    this.#rows = new BinaryRows(rows);
    this.#next = this.#read();
  }

  /** Tells of those ahead of an entry. */
  passAhead(sequence: bigint): void {
    for (; this.#next && this.#next.sequence < sequence;) {
      this.onBalance(this.#next);
      this.#next = this.#read();
    }
  }

  /** Tells of those up to an entry. */
  passTo(sequence: bigint): void {
    for (; this.#next && this.#next.sequence <= sequence;) {
      this.onBalance(this.#next);
      this.#next = this.#read();
    }
  }

  #read(): BalanceAt | null {
    const rows = this.#rows;
    if (!rows.next()) return null;
    return {
      sequence: rows.int8(),
      account: rows.text(),
      unit: rows.text() as Unit,
      amount: rows.int8(),
    };
  }
}

async function readBalancesAt(
  client: PoolClient,
  place: JournalPlace,
  range: Required<SequenceRange>,
): Promise<{ balancesAt: Buffer }> {
  const parts: Buffer[] = [];
  await readRange(client, BALANCES_AT, place, range, (rows) =>
    parts.push(Buffer.from(rows)),
  );
  return { balancesAt: Buffer.concat(parts) };
}

async function readHead(client: PoolClient, { shard, journal }: JournalPlace) {
  const { rows } = await client.query<{ sequence: bigint; hash: Buffer }>(
    'SELECT sequence, hash FROM shard_head WHERE shard = $1 AND journal = $2',
    [shard, journal],
  );
  return rows[0] ?? EMPTY_CHAIN;
}

async function readOfShard(
  client: PoolClient,
  { shard, journal }: JournalPlace,
) {
  const { rows } = await client.query<Omit<BalanceAt, 'sequence'>>(
    'SELECT account, unit, amount FROM shard_balance WHERE shard = $1 AND journal = $2',
    [shard, journal],
  );
  return rows;
}

async function takeOffOfMerchants(
  client: PoolClient,
  { shard, journal }: JournalPlace,
  accounts: AccountSums,
): Promise<void> {
  const query = {
    name: 'verify-merchants',
    text: 'SELECT merchant_id, account, unit, amount FROM merchant_balance WHERE shard = $1 AND journal = $2',
    values: [shard, journal],
  };
  await queryBinary(client, query, (rows) =>
    accounts.takeOff(new BinaryRows(rows)),
  );
}
