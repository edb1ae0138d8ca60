#!/usr/bin/env node
// Checks the proof of a merchant's balances that the api gives, on a machine that has Node and nothing else: no database,
// no packages, and none of the ledger's own code. How each check follows from the formats: docs/transparency-log.md.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const USAGE = `Usage: node verify-balance.mjs <merchant> <file> --public-key <key>

Checks an answer of GET /v1/merchants/<merchant>/balances/proof, and prints what the merchant had.

Options:
  --public-key <key>  the key that signs the log, or the file that it is in
  -h, --help          this help

The status is 0 where it is proven, 1 where it is not, 2 where the arguments are wrong.
`;

const BLOCK = 'traffic-reward-ledger/block/v1';
const BALANCES = 'traffic-reward-ledger/balances/v1';
/** Of each shard, in the tree of balances. */
const LEAVES = 4096;

class Wrong extends Error {}

function main({ merchant, file, publicKey }) {
  const { index, leaf, proof, inclusion } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const key = parseKey(
    publicKey.includes('+') ? publicKey : readFileSync(publicKey, 'utf8'),
  );
  const { size, root } = openCheckpoint(inclusion.note, key);
  const blockLeaf = bytes(inclusion.leaf);
  assertIncluded(
    { index: inclusion.position, leaf: blockLeaf, size, root },
    inclusion.proof,
    'the block is not in the log',
  );
  const block = parseBlock(blockLeaf);

  // Where a merchant's balances are is not for the proof to say.
  const shard = (murmur2(Buffer.from(merchant)) & 0x7fffffff) % block.shards;
  const place = 1 + (md5(merchant).readUInt32BE() % (LEAVES - 1));
  if (index !== shard * LEAVES + place)
    throw new Wrong(`the leaf is not that of ${merchant}`);
  assertIncluded(
    {
      index,
      leaf: bytes(leaf),
      size: block.shards * LEAVES,
      root: block.balanceRoot,
    },
    proof,
    'the balances are not those of the block',
  );
  const [layout, ofShard, ofPlace, ...balances] = fieldsOf(bytes(leaf));
  if (layout !== BALANCES || ofShard !== `${shard}` || ofPlace !== `${place}`)
    throw new Wrong('the leaf is of another place than it stands at');
  console.log(
    `proven by ${key.name}: block ${block.number}, sealed at ${new Date(block.sealedAtMs).toISOString()}`,
  );
  const own = `merchant:${merchant}:`;
  for (let i = 0; i < balances.length; i += 3) {
    const [account, unit, balance] = balances.slice(i, i + 3);
    if (account.slice(0, account.lastIndexOf(':') + 1) === own)
      console.log(`${account} ${unit} ${balance}`);
  }
  console.log(`${merchant} had nothing else`);
}

/** RFC 9162, section 2.1.3.2: the same tree as RFC 6962. */
function assertIncluded({ index, leaf, size, root }, proof, otherwise) {
  let [fn, sn] = [BigInt(index), BigInt(size) - 1n];
  let hash = sha256(Buffer.of(0), leaf);
  for (const sibling of proof.map(bytes)) {
    if (sn === 0n) throw new Wrong(otherwise);
    if (fn & 1n || fn === sn) {
      hash = sha256(Buffer.of(1), sibling, hash);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else hash = sha256(Buffer.of(1), hash, sibling);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (index >= size || sn !== 0n || !hash.equals(root))
    throw new Wrong(otherwise);
}

/** Number, first position, number of entries, when, heads, number of shards, root. */
function parseBlock(leaf) {
  const fields = fieldsOf(leaf);
  const take = () => {
    if (fields.length === 0) throw new Wrong('the block ends too early');
    return fields.shift();
  };
  if (take() !== BLOCK) throw new Wrong('what is in the log is not a block');
  const [number, , , sealedAt] = [take(), take(), take(), take()];
  for (let heads = Number(take()); heads > 0; heads -= 1) {
    for (const _ of ['shard', 'journal', 'sequence', 'hash']) take();
    for (let sources = Number(take()); sources > 0; sources -= 1) {
      take();
      take();
    }
  }
  const [shards, balanceRoot] = [take(), take()];
  return {
    number,
    sealedAtMs: Number(sealedAt),
    shards: Number(shards),
    balanceRoot: Buffer.from(balanceRoot, 'hex'),
  };
}

/** Each field is led by its length in bytes, 4 bytes, big-endian. */
function fieldsOf(leaf) {
  const fields = [];
  for (let at = 0; at < leaf.length;) {
    const end = at + 4 + leaf.readUInt32BE(at);
    if (end > leaf.length)
      throw new Wrong('a leaf ends in the midst of a field');
    fields.push(leaf.toString('utf8', at + 4, end));
    at = end;
  }
  return fields;
}

/** As Kafka's clients hash keys: a signed integer of 32 bits. */
function murmur2(key) {
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ key.length;
  let i = 0;
  for (; i + 4 <= key.length; i += 4) {
    let k = Math.imul(key.readInt32LE(i), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const rest = key.length - i;
  if (rest >= 3) h ^= key[i + 2] << 16;
  if (rest >= 2) h ^= key[i + 1] << 8;
  if (rest >= 1) h = Math.imul(h ^ key[i], m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/** A verifier key of https://c2sp.org/signed-note: `<name>+<hash>+<base64 of the type and the Ed25519 key>`. */
function parseKey(text) {
  const [, name, id, base64] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)\s*$/.exec(text) ?? [];
  const typed = bytes(base64 ?? '');
  if (typed.length !== 33 || typed[0] !== 1)
    throw new Wrong('not a public key of a log');
  const hash = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  if (hash.toString('hex') !== id)
    throw new Wrong('the public key does not have the hash that it says');
  const der = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    typed.subarray(1),
  ]);
  return {
    name,
    hash,
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
      const signature = bytes(base64 ?? '');
      return (
        dash === '—' &&
        signer === name &&
        signature.subarray(0, 4).equals(hash) &&
        verify(null, Buffer.from(text), key, signature.subarray(4))
      );
    });
  const [origin, size, root] = text.split('\n');
  if (end < 0 || !isSigned || origin !== name)
    throw new Wrong(`the checkpoint is not signed by ${name}`);
  return { size: Number(size), root: bytes(root) };
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function md5(text) {
  return createHash('md5').update(text).digest();
}

function bytes(base64) {
  return Buffer.from(base64, 'base64');
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'public-key': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const [merchant, file, ...more] = positionals;
    const publicKey = values['public-key'];
    if (!merchant || !file || more.length > 0 || !publicKey)
      throw new Error('give a merchant, a file and --public-key');
    return { merchant, file, publicKey };
  } catch (error) {
    console.error(`${error.message}; --help says more.`);
    process.exit(2);
  }
}

const args = readArguments();
try {
  main(args);
} catch (error) {
  if (!(error instanceof Wrong) && error.code !== 'ENOENT') throw error;
  console.log(`wrong: ${error.message}`);
  process.exitCode = 1;
}
