import { EMPTY_ROOT, leafHash, nodeHash } from '@app/transparency';

/** The root of a growing tree (RFC 6962), from its leaves alone and without keeping them: a hash for each level. */
export class TreeHasher {
  #size = 0;
  /** Of full subtrees from left to right, the largest first. */
  readonly #subtrees: Buffer[] = [];

  get size(): number {
    return this.#size;
  }

  add(leaf: Uint8Array): void {
    this.addHash(leafHash(leaf));
  }

  /** @param leaf its hash; it is kept, and must not change */
  addHash(leaf: Buffer): void {
    let hash = leaf;
    for (let left = this.#size; left % 2 === 1; left = (left - 1) / 2)
      hash = nodeHash(this.#subtrees.pop()!, hash);
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  root(): Buffer {
    return this.#size === 0
      ? EMPTY_ROOT
      : this.#subtrees.reduceRight((right, left) => nodeHash(left, right));
  }
}
