import {
  generateKey,
  parseSignerKey,
  parseVerifierKey,
  RightEdge,
  type LogIdentity,
  type LogStorage,
  type PathReader,
  type TileFile,
} from '@app/transparency';

const KEYS = generateKey('example.com/log', Buffer.alloc(32, 7));

export const SIGNER = parseSignerKey(KEYS.signerKey);

export const LOG: LogIdentity = {
  origin: 'example.com/log',
  verifiers: [parseVerifierKey(KEYS.verifierKey)],
};

/** A log's files in memory. */
export class MemoryStorage implements LogStorage {
  constructor(readonly files = new Map<string, Buffer>()) {}

  read = (path: string): Promise<Buffer | undefined> =>
    Promise.resolve(this.files.get(path));

  async write(files: readonly TileFile[]): Promise<void> {
    for (const { path, bytes } of files) this.files.set(path, bytes);
  }

  async remove(path: string): Promise<void> {
    for (const at of this.files.keys())
      if (at === path || at.startsWith(`${path}/`)) this.files.delete(at);
  }
}

/** Entries `from` up to and without `to`, made by number. */
export function entries(
  from: number,
  to: number,
  make: (index: number) => Buffer = (index) => Buffer.from(`entry ${index}`),
): Buffer[] {
  return Array.from({ length: to - from }, (_, i) => make(from + i));
}

/** All tiles of the tree of these entries, and its root: without a writer. */
export async function makeTree(
  leaves: readonly Buffer[],
): Promise<{ read: PathReader; root: Buffer; files: Map<string, Buffer> }> {
  const edge = new RightEdge();
  const files = new Map<string, Buffer>();
  for (const leaf of leaves)
    for (const { path, bytes } of edge.append(leaf)) files.set(path, bytes);
  for (const { path, bytes } of edge.partialFiles()) files.set(path, bytes);
  const read: PathReader = (path) => Promise.resolve(files.get(path));
  return { read, root: await edge.root(), files };
}

export const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
export const unhex = (text: string) => Buffer.from(text, 'hex');
