#!/usr/bin/env node
// Checks the bundle of a closed period, on a machine that has Node and nothing else: no database, no packages, and
// none of the ledger's own code. How each check follows from the formats: docs/period-close.md.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `Usage: node verify-close.mjs [directory] [options]

Checks the bundle of a closed period: files, signatures, the tree, every entry, that none of the period is left out,
and the trial balance.

Options:
  --public-key <key>   the key that signs the log, or the file that it is in; without it the bundle's own, which
                       whoever made the bundle may have made too
  --checkpoint <file>  a checkpoint that you kept, of any moment within the bundle: compared with its tree
  -h, --help           this help

The status is 0 where all is right, 1 where something is wrong, 2 where the arguments are.
`;

const ENTRY = 'traffic-reward-ledger/entry/v1';
const BLOCK = 'traffic-reward-ledger/block/v1';
const FORMAT = 'traffic-reward-ledger/close/v1';
/** How far the clocks of those who record and of the sealer may be apart. */
const GRACE_MS = 60_000;

class Wrong extends Error {}

async function main({ directory, publicKey, checkpoint }) {
  const at = (name) => join(directory, name);
  const manifest = parseJson(
    'manifest.json',
    readFileSync(at('manifest.json'), 'utf8'),
  );
  if (manifest?.format !== FORMAT) throw new Wrong(`not a bundle of ${FORMAT}`);
  for (const [name, sha256] of Object.entries(manifest.files))
    if ((await fileHash(at(name))) !== sha256)
      throw new Wrong(`${name} is not the file that the manifest names`);
  const key = parseKey(
    publicKey?.includes('+')
      ? publicKey
      : readFileSync(publicKey ?? at('key.pub'), 'utf8'),
  );
  const closing = openCheckpoint(
    readFileSync(at('checkpoint.txt'), 'utf8'),
    key,
  );
  const opening =
    manifest.opening.size === 0
      ? { size: 0, root: sha256(Buffer.alloc(0)) }
      : openCheckpoint(readFileSync(at('opening-checkpoint.txt'), 'utf8'), key);
  if (
    opening.size !== manifest.opening.size ||
    closing.size !== manifest.closing.size
  )
    throw new Wrong(
      'the checkpoints are not of the sizes that the manifest names',
    );
  const kept =
    checkpoint && openCheckpoint(readFileSync(checkpoint, 'utf8'), key);
  if (kept && (kept.size < opening.size || kept.size > closing.size))
    throw new Wrong(
      `the kept checkpoint is of ${kept.size} positions: this bundle tells of ${opening.size} to ${closing.size}`,
    );

  const tree = new Tree(opening.size, manifest.openingHashes);
  tree.assertRoot(opening, 'the opening checkpoint');
  const period = new Period(manifest.period, opening.size);
  const blocks = new Blocks(opening.size);
  if (kept?.size === tree.size) tree.assertRoot(kept, 'the kept checkpoint');
  for await (const line of linesOf(at('leaves.ndjson'))) {
    const position = tree.size;
    const fields = parseLeaf(`the line of position ${position}`, line);
    tree.add(lengthPrefixed(fields));
    if (fields[0] === ENTRY) period.add(position, fields);
    else if (fields[0] === BLOCK) blocks.add(position, fields);
    else
      throw new Wrong(`position ${position} is neither an entry nor a block`);
    if (kept?.size === tree.size) tree.assertRoot(kept, 'the kept checkpoint');
  }
  tree.assertRoot(closing, 'the closing checkpoint');
  blocks.assertAround(period);
  if (period.entries !== manifest.entries)
    throw new Wrong(
      `${period.entries} entries are of the period, and not ${manifest.entries}`,
    );
  period.assertTrialBalance(
    parseJson(
      'trial-balance.json',
      readFileSync(at('trial-balance.json'), 'utf8'),
    ),
  );

  console.log(
    `all right: ${period.entries} entries of ${manifest.period.name}, at positions ${opening.size} to ${closing.size - 1} of ${key.name}`,
  );
  console.log(
    `all that was recorded from ${manifest.period.from} to ${manifest.period.to}: ${manifest.period.name} of ${manifest.period.timeZone}`,
  );
  console.log(
    `signed by ${key.id}${publicKey ? '' : ', the key in the bundle: compare it with one that you have from elsewhere'}`,
  );
  if (kept)
    console.log(`continues the kept checkpoint of ${kept.size} positions`);
}

/** The Merkle tree of RFC 6962: grows leaf by leaf from the hashes of the full subtrees that it had. */
class Tree {
  constructor(size, hashes) {
    this.size = size;
    this.subtrees = hashes.map((hash) => Buffer.from(hash, 'hex'));
    if (this.subtrees.length !== size.toString(2).replaceAll('0', '').length)
      throw new Wrong(
        `a tree of ${size} is not made of ${hashes.length} subtrees`,
      );
  }

  add(leaf) {
    let hash = sha256(Buffer.of(0), leaf);
    for (let left = this.size; left % 2 === 1; left = (left - 1) / 2)
      hash = sha256(Buffer.of(1), this.subtrees.pop(), hash);
    this.subtrees.push(hash);
    this.size += 1;
  }

  assertRoot({ size, root }, what) {
    const made =
      this.subtrees.length === 0
        ? sha256(Buffer.alloc(0))
        : this.subtrees.reduceRight((right, left) =>
            sha256(Buffer.of(1), left, right),
          );
    if (this.size !== size)
      throw new Wrong(
        `${what} is of ${size} positions, and the leaves make ${this.size}`,
      );
    if (!made.equals(root))
      throw new Wrong(`the leaves do not make the root of ${what}`);
  }
}

/** The blocks of the lines: each has all that was recorded when it was sealed, or it is ahead of it. */
class Blocks {
  constructor(openingSize) {
    this.openingSize = openingSize;
    this.first = null;
    this.last = null;
  }

  add(position, [, number, firstPosition, entries, sealedAt]) {
    const block = {
      number: Number(number),
      firstPosition: Number(firstPosition),
      position,
      sealedAtMs: Number(sealedAt),
    };
    if (block.firstPosition + Number(entries) !== position)
      throw new Wrong(
        `block ${number}, at position ${position}, is not behind the ${entries} entries that it has from ${firstPosition} on`,
      );
    if (!this.isNext(block))
      throw new Wrong(
        `block ${number}, at position ${position}, does not follow what is ahead of it`,
      );
    this.first ??= block;
    this.last = block;
  }

  isNext({ number, firstPosition, sealedAtMs }) {
    const { last } = this;
    // The opening checkpoint may be of a moment at which the block was half in the log.
    if (last === null) return firstPosition <= this.openingSize;
    return (
      number === last.number + 1 &&
      firstPosition === last.position + 1 &&
      sealedAtMs >= last.sealedAtMs
    );
  }

  /** Whether no entry of the period can be ahead of the lines, nor behind them. */
  assertAround({ name, fromMs, toMs }) {
    const { first, last } = this;
    if (last === null) throw new Wrong(`no block shows that ${name} is whole`);
    // Where the lines begin with the log, nothing is ahead of them.
    if (this.openingSize > 0 && first.sealedAtMs > fromMs - GRACE_MS)
      throw new Wrong(
        `the first block, ${first.number}, was sealed at ${instant(first.sealedAtMs)}, and not a minute or more before ${name} began, ${instant(fromMs)}: entries of it may be missing ahead`,
      );
    if (last.sealedAtMs < toMs + GRACE_MS)
      throw new Wrong(
        `the last block, ${last.number}, was sealed at ${instant(last.sealedAtMs)}, and not a minute or more after ${name} ended, ${instant(toMs)}: entries of it may be missing behind`,
      );
  }
}

/** What the entries of the period did, and whether each is one. */
class Period {
  constructor(period, openingSize) {
    assertNamed(period);
    this.name = period.name;
    this.fromMs = Date.parse(period.from);
    this.toMs = Date.parse(period.to);
    this.entries = 0;
    this.last = new Map();
    this.movements = new Map();
    /** Of what was recorded before the period; null where only the bundles before have all of it. */
    this.openings = openingSize === 0 ? new Map() : null;
  }

  add(
    position,
    [, journal, shard, sequence, , merchantId, , recordedAt, , count, ...lines],
  ) {
    const id = `${journal}-${shard}-${sequence}, at position ${position},`;
    const ahead = this.last.get(`${journal}-${shard}`);
    const recordedAtMs = Number(recordedAt);
    if (ahead && BigInt(sequence) !== ahead.sequence + 1n)
      throw new Wrong(`${id} follows ${ahead.sequence} of its journal`);
    if (ahead && recordedAtMs < ahead.recordedAtMs)
      throw new Wrong(`${id} was recorded before the entry ahead`);
    this.last.set(`${journal}-${shard}`, {
      sequence: BigInt(sequence),
      recordedAtMs,
    });
    if (lines.length !== 4 * Number(count))
      throw new Wrong(`${id} has not the lines that it counts`);
    const isOfPeriod = recordedAtMs >= this.fromMs && recordedAtMs < this.toMs;
    const sums = new Map();
    for (let i = 0; i < lines.length; i += 4) {
      const [account, unit, amount] = [
        lines[i],
        lines[i + 1],
        BigInt(lines[i + 2]),
      ];
      addTo(sums, unit, amount);
      const key = JSON.stringify([classOf(account, merchantId), unit]);
      if (isOfPeriod) addTo(this.movements, key, amount);
      else if (this.openings && recordedAtMs < this.fromMs)
        addTo(this.openings, key, amount);
    }
    for (const [unit, sum] of sums)
      if (sum !== 0n) throw new Wrong(`${id} is off by ${sum} ${unit}`);
    if (isOfPeriod) this.entries += 1;
  }

  assertTrialBalance(rows) {
    const sums = new Map();
    const named = new Set();
    this.assertOpenings(rows);
    for (const { account, unit, opening, movement, closing } of rows) {
      const key = JSON.stringify([account, unit]);
      if (named.has(key))
        throw new Wrong(`${account} is in the trial balance twice in ${unit}`);
      named.add(key);
      const moved = this.movements.get(key) ?? 0n;
      this.movements.delete(key);
      if (
        moved !== BigInt(movement) ||
        BigInt(opening) + moved !== BigInt(closing)
      )
        throw new Wrong(
          `${account} went from ${opening} to ${closing} ${unit}, but the entries moved ${moved}`,
        );
      for (const [name, value] of [
        ['opening', opening],
        ['closing', closing],
      ]) {
        addTo(sums, JSON.stringify([name, unit]), BigInt(value));
      }
    }
    for (const [key, moved] of this.movements)
      if (moved !== 0n)
        throw new Wrong(
          `${key} was moved by ${moved}, and is not in the trial balance`,
        );
    for (const [key, sum] of sums)
      if (sum !== 0n)
        throw new Wrong(`the trial balance ${key} is off by ${sum}`);
  }

  /** Whether the opening balances are what all entries from before come to, where the bundle has all of them. */
  assertOpenings(rows) {
    if (this.openings === null) return;
    const left = new Map(this.openings);
    for (const { account, unit, opening } of rows)
      addTo(left, JSON.stringify([account, unit]), -BigInt(opening));
    for (const [key, difference] of left)
      if (difference !== 0n)
        throw new Wrong(
          `the opening balance of ${key} is off by ${-difference} from what the entries before come to`,
        );
  }
}

/**
 * Whether the times are those that the name says, by the days of the time zone: a manifest could call half a month by
 * the name of the whole.
 */
function assertNamed({ name, from, to, timeZone }) {
  const isOfName = (ms) => localDate(ms, timeZone).startsWith(name);
  if (!/^\d{4}(-\d{2}){0,2}$/.test(name) || typeof timeZone !== 'string')
    throw new Wrong('the manifest names no year, month or day of a time zone');
  for (const time of [from, to])
    if (Number.isNaN(Date.parse(time)))
      throw new Wrong(`the manifest has a time that is none: ${time}`);
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (!isOfName(fromMs) || isOfName(fromMs - 1))
    throw new Wrong(`${name} of ${timeZone} does not begin at ${from}`);
  if (!isOfName(toMs - 1) || isOfName(toMs))
    throw new Wrong(`${name} of ${timeZone} does not end at ${to}`);
}

/** The day of an instant, such as 2024-11-30. */
function localDate(ms, timeZone) {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).formatToParts(ms);
    const part = (name) => parts.find(({ type }) => type === name).value;
    return `${part('year')}-${part('month')}-${part('day')}`;
  } catch (error) {
    throw new Wrong(`no days of ${timeZone}: ${error.message}`);
  }
}

function instant(ms) {
  return new Date(ms).toISOString();
}

function addTo(sums, key, amount) {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}

function parseJson(what, text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Wrong(
      `${what} is not JSON (${error.message.replace(/\s+/g, ' ')})`,
    );
  }
}

/** A list of texts and nothing else: a list of bytes would make the same leaf, and mean something else. */
function parseLeaf(what, text) {
  const fields = parseJson(what, text);
  const isText = (field) =>
    typeof field === 'string' && Buffer.from(field).toString() === field;
  if (!Array.isArray(fields) || !fields.every(isText))
    throw new Wrong(`${what} is not a list of texts`);
  return fields;
}

/** `merchant:<id>:available` is of the class `available`. */
function classOf(account, merchantId) {
  const own = `merchant:${merchantId}:`;
  return account.startsWith(own) ? account.slice(own.length) : account;
}

/** Each field led by its length in bytes, 4 bytes, big-endian. */
function lengthPrefixed(fields) {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** A verifier key of https://c2sp.org/signed-note: `<name>+<hash>+<base64 of the type and the Ed25519 key>`. */
function parseKey(text) {
  const [, name, id, base64] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)\s*$/.exec(text) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1)
    throw new Wrong('not a public key of a log');
  const hash = sha256(Buffer.from(`${name}\n`), bytes).subarray(0, 4);
  if (hash.toString('hex') !== id)
    throw new Wrong('the public key does not have the hash that it says');
  const der = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    bytes.subarray(1),
  ]);
  return {
    name,
    hash,
    id: text.trim(),
    key: createPublicKey({ key: der, format: 'der', type: 'spki' }),
  };
}

/** A signed https://c2sp.org/tlog-checkpoint: origin, size and root, signed by the key. */
function openCheckpoint(note, { name, hash, key }) {
  const end = note.indexOf('\n\n');
  const text = note.slice(0, end + 1);
  const isSigned = note
    .slice(end + 2)
    .split('\n')
    .some((line) => {
      const [dash, signer, base64] = line.split(' ');
      const bytes = Buffer.from(base64 ?? '', 'base64');
      return (
        dash === '—' &&
        signer === name &&
        bytes.subarray(0, 4).equals(hash) &&
        verify(null, Buffer.from(text), key, bytes.subarray(4))
      );
    });
  if (end < 0 || !isSigned)
    throw new Wrong(`a checkpoint is not signed by ${name}`);
  const [origin, size, root] = text.split('\n');
  if (origin !== name)
    throw new Wrong(`a checkpoint of ${origin}, and not of ${name}`);
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

async function fileHash(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A newline ends a line and nothing else does: names may have characters that `readline` takes for ends of lines. */
async function* linesOf(path) {
  let rest = '';
  for await (const text of createReadStream(path, 'utf8')) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'public-key': { type: 'string' },
        checkpoint: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    if (positionals.length > 1) throw new Error('give one directory');
    return {
      directory: positionals[0] ?? '.',
      publicKey: values['public-key'],
      checkpoint: values.checkpoint,
    };
  } catch (error) {
    console.error(`${error.message}; --help says more.`);
    process.exit(2);
  }
}

const args = readArguments();
try {
  await main(args);
} catch (error) {
  if (!(error instanceof Wrong) && error.code !== 'ENOENT') throw error;
  console.log(`wrong: ${error.message}`);
  process.exitCode = 1;
}
