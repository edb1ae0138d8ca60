import { shardOf } from '@app/contracts';
import {
  HASH_BYTES,
  leafHash,
  nodeHash,
  proveInclusion,
  treeHash,
  verifyInclusion,
  type SubtreeReader,
} from '@app/transparency';
import {
  balanceLeaf,
  balanceLeafOf,
  LEAVES_PER_SHARD,
  type AccountBalance,
} from './balance-leaf.js';
import type { Block } from './block.js';

const LEVELS = Math.log2(LEAVES_PER_SHARD);

/**
 * The balances of one shard as a Merkle tree (RFC 6962), of which some leaves change at a time: 256 KiB of hashes.
 * Shards side by side are one tree, see {@link balanceRoot}.
 */
export class ShardBalanceTree {
  /** Node `i` over `2i` and `2i + 1`; the root is 1, the leaves are from LEAVES_PER_SHARD on. */
  readonly #nodes = Buffer.alloc(2 * LEAVES_PER_SHARD * HASH_BYTES);
  #changed = new Set<number>();

  /** A tree of leaves without balances. */
  constructor(readonly shard: number) {
    for (let leaf = 0; leaf < LEAVES_PER_SHARD; leaf += 1) this.set(leaf, []);
  }

  /** @param leaf within the shard, see {@link balanceLeafOf} */
  set(leaf: number, balances: readonly AccountBalance[]): void {
    const node = LEAVES_PER_SHARD + leaf;
    leafHash(balanceLeaf(this.shard, leaf, balances)).copy(
      this.#nodes,
      node * HASH_BYTES,
    );
    this.#changed.add(node >> 1);
  }

  root(): Buffer {
    for (let level = 0; level < LEVELS; level += 1) {
      const above = new Set<number>();
      for (const node of this.#changed) {
        nodeHash(this.#node(2 * node), this.#node(2 * node + 1)).copy(
          this.#nodes,
          node * HASH_BYTES,
        );
        above.add(node >> 1);
      }
      this.#changed = above;
    }
    this.#changed.clear();
    return Buffer.from(this.#node(1));
  }

  /** The hashes beside the way from a leaf to the root of the shard. */
  prove(leaf: number): Buffer[] {
    this.root();
    const proof: Buffer[] = [];
    for (let node = LEAVES_PER_SHARD + leaf; node > 1; node >>= 1)
      proof.push(Buffer.from(this.#node(node ^ 1)));
    return proof;
  }

  #node(index: number): Buffer {
    return this.#nodes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }
}

const emptyRoots = new Map<number, Buffer>();

/** The root of a shard without balances. It is made once: each leaf has its place in it. */
export function emptyShardRoot(shard: number): Buffer {
  const root = emptyRoots.get(shard) ?? new ShardBalanceTree(shard).root();
  emptyRoots.set(shard, root);
  return root;
}

/**
 * The root over all balances: of the tree (RFC 6962) of the leaves of all shards, shard by shard.
 *
 * @param shardRoots of every shard, from 0 on
 */
export function balanceRoot(shardRoots: readonly Buffer[]): Promise<Buffer> {
  return treeHash(shardRoots.length, readerOf(shardRoots));
}

/** Proves what all accounts of a merchant had, and which had nothing. */
export interface BalanceProof {
  merchantId: string;
  /** All balances in the merchant's leaf; other merchants' may be among them. */
  balances: readonly AccountBalance[];
  /** A proof of inclusion (RFC 6962). */
  proof: readonly Buffer[];
}

export async function proveBalance(
  merchantId: string,
  tree: ShardBalanceTree,
  balances: readonly AccountBalance[],
  shardRoots: readonly Buffer[],
): Promise<BalanceProof> {
  const above = await proveInclusion(
    tree.shard,
    shardRoots.length,
    readerOf(shardRoots),
  );
  const proof = [...tree.prove(balanceLeafOf(merchantId)), ...above];
  return { merchantId, balances, proof };
}

/**
 * Checks a proof against a block. Where a merchant's accounts are is not for the proof to say: it could show a
 * place where they are not.
 *
 * @returns the merchant's balances; an account and unit that is not among them has nothing
 * @throws ProofError where it does not prove them
 */
export function verifyBalanceProof(
  { merchantId, balances, proof }: BalanceProof,
  { shardCount, balanceRoot: root }: Pick<Block, 'shardCount' | 'balanceRoot'>,
): AccountBalance[] {
  const shard = shardOf(merchantId, shardCount);
  const leaf = balanceLeafOf(merchantId);
  verifyInclusion(
    {
      index: shard * LEAVES_PER_SHARD + leaf,
      leafHash: leafHash(balanceLeaf(shard, leaf, balances)),
      size: shardCount * LEAVES_PER_SHARD,
      root,
    },
    proof,
  );
  return balances.filter(({ account }) => isAccountOf(merchantId, account));
}

/** An id may hold colons, so that one merchant's name may begin another's account. */
function isAccountOf(merchantId: string, account: string): boolean {
  return (
    account.slice(0, account.lastIndexOf(':')) === `merchant:${merchantId}`
  );
}

/** Subtrees over hashes that stand for leaves, made when asked for. */
function readerOf(hashes: readonly Buffer[]): SubtreeReader {
  const make = (height: number, index: number): Buffer =>
    height === 0
      ? hashes[index]!
      : nodeHash(make(height - 1, 2 * index), make(height - 1, 2 * index + 1));
  return (subtrees) =>
    Promise.resolve(subtrees.map(({ height, index }) => make(height, index)));
}
