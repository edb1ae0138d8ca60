import { JOURNALS, lengthPrefixed, type Journal } from '@app/ledger';
import { compareBytes, FieldReader } from './fields.js';
import { SealError } from './seal-error.js';

/** Leads the bytes of a block's leaf: no entry begins like that. */
const LAYOUT = 'traffic-reward-ledger/block/v1';

/** The end of a journal in one shard, as a block has it. */
export interface SealedHead {
  shard: number;
  journal: Journal;
  /** Of the last entry. */
  sequence: bigint;
  /** Of the last entry, in the hash chain of its journal. */
  hash: Buffer;
  /** By source, the position that was to be taken next: an event that was left out lies below it. */
  consumed: Readonly<Record<string, bigint>>;
}

/** What a block's own leaf says: which entries are in it, and where everything stood behind them. */
export interface Block {
  /** 0, 1, 2, … without gaps. */
  number: number;
  /** The position of its first entry; its own leaf's is this and `entryCount` on. */
  firstPosition: number;
  entryCount: number;
  /** By the sealer's clock, milliseconds since the epoch; never before the block ahead. */
  sealedAtMs: number;
  /** Of the journals that the block has entries of, by shard, grants first. */
  heads: readonly SealedHead[];
  /** Of the ledger: the tree of balances has as many subtrees. */
  shardCount: number;
  /** The root over the balances of all accounts. */
  balanceRoot: Buffer;
}

/** The position of a block's own leaf. */
export function positionOfBlock(
  block: Pick<Block, 'firstPosition' | 'entryCount'>,
): number {
  return block.firstPosition + block.entryCount;
}

/**
 * The leaf of a block: its fields in the order of {@link Block}, each led by its length, hashes in hex. Of each
 * head, the number of sources, and they by name. docs/transparency-log.md has it field by field.
 */
export function encodeBlock(block: Block): Buffer {
  const fields = [
    LAYOUT,
    String(block.number),
    String(block.firstPosition),
    String(block.entryCount),
    String(block.sealedAtMs),
    String(block.heads.length),
    ...block.heads.flatMap(headFields),
    String(block.shardCount),
    block.balanceRoot.toString('hex'),
  ];
  return lengthPrefixed(fields);
}

/** The bytes that a head takes in a leaf. */
export function headBytes(head: SealedHead): number {
  return lengthPrefixed(headFields(head)).length;
}

function headFields({
  shard,
  journal,
  sequence,
  hash,
  consumed,
}: SealedHead): string[] {
  const sources = Object.keys(consumed).sort(compareBytes);
  return [
    String(shard),
    journal,
    String(sequence),
    hash.toString('hex'),
    String(sources.length),
    ...sources.flatMap((source) => [source, String(consumed[source])]),
  ];
}

/** Whether a leaf of the log is a block's: all others are entries. */
export function isBlockLeaf(leaf: Buffer): boolean {
  return leaf.subarray(4, 4 + LAYOUT.length).equals(Buffer.from(LAYOUT));
}

/** @throws SealError where it is not the leaf of a block, written in the only right way */
export function decodeBlock(leaf: Buffer): Block {
  const fields = new FieldReader(leaf);
  const layout = fields.text();
  if (layout !== LAYOUT)
    throw new SealError(
      `not a block: it begins with ${JSON.stringify(layout.slice(0, 60))}`,
    );
  const number = fields.count();
  const firstPosition = fields.count();
  const entryCount = fields.count();
  const sealedAtMs = fields.count();
  const heads: SealedHead[] = [];
  for (let left = fields.count(); left > 0; left -= 1)
    heads.push(readHead(fields));
  const shardCount = fields.count();
  const balanceRoot = fields.hash();
  fields.end();
  const block = {
    number,
    firstPosition,
    entryCount,
    sealedAtMs,
    heads,
    shardCount,
    balanceRoot,
  };
  if (!encodeBlock(block).equals(leaf))
    throw new SealError(`block ${number} is not written in the only right way`);
  return block;
}

function readHead(fields: FieldReader): SealedHead {
  const shard = fields.count();
  const journal = fields.text() as Journal;
  if (!JOURNALS.includes(journal))
    throw new SealError(`no such journal: ${JSON.stringify(journal)}`);
  const sequence = fields.bigint();
  const hash = fields.hash();
  const consumed: [string, bigint][] = [];
  for (let left = fields.count(); left > 0; left -= 1)
    consumed.push([fields.text(), fields.bigint()]);
  // Not by assignment, which would lose a source of the name __proto__.
  return {
    shard,
    journal,
    sequence,
    hash,
    consumed: Object.fromEntries(consumed),
  };
}
