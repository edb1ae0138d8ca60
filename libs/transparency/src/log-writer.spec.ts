import fc from 'fast-check';
import { Crash, CrashingStorage } from '../test/crashing-storage.js';
import { entries, LOG, makeTree, MemoryStorage, SIGNER } from '../test/logs.js';
import { openCheckpoint } from './checkpoint.js';
import { CHECKPOINT_PATH } from './log-storage.js';
import { LogWriter } from './log-writer.js';
import { EMPTY_ROOT, proveConsistency } from './merkle.js';
import { generateKey, parseSignerKey } from './note-keys.js';
import { auditLog, readEntries } from './read-log.js';
import { tileHashReader } from './tiles.js';
import { verifyConsistency } from './verify-proof.js';

describe('a log', () => {
  it('is empty to begin with, and can say so', async () => {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    expect(log.size).toBe(0);
    const note = await log.publishCheckpoint(SIGNER);
    expect(openCheckpoint(note, LOG)).toMatchObject({
      size: 0,
      root: EMPTY_ROOT,
    });
    expect([...storage.files.keys()]).toEqual([CHECKPOINT_PATH]);
    expect((await LogWriter.open(storage, LOG)).size).toBe(0);
  });

  it('has all that a tree of its entries has, and the checkpoint', async () => {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    await log.append(entries(0, 70_000));
    await log.publishCheckpoint(SIGNER);
    const { files } = await makeTree(entries(0, 70_000));
    files.set(CHECKPOINT_PATH, storage.files.get(CHECKPOINT_PATH)!);
    expect(storage.files.size).toBe(files.size);
    for (const [path, bytes] of files)
      expect(storage.files.get(path)?.equals(bytes), path).toBe(true);
  });

  it('is the same however its growth is cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(700), { maxLength: 5 }),
        async (cuts) => {
          const storage = new MemoryStorage();
          let size = 0;
          for (const more of cuts) {
            const log = await LogWriter.open(storage, LOG);
            expect(log.size).toBe(size);
            await log.append(entries(size, size + more));
            await log.publishCheckpoint(SIGNER);
            size += more;
          }
          expect(await audited(storage)).toEqual(entries(0, size).map(String));
        },
      ),
    ));

  it('takes entries as they come', async () => {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    await log.append(
      (async function* () {
        yield* entries(0, 300);
      })(),
    );
    expect(log.size).toBe(300);
    expect(log.publishedSize).toBe(0);
    expect(await log.root()).toEqual((await makeTree(entries(0, 300))).root);
    await log.publishCheckpoint(SIGNER);
    expect(log.publishedSize).toBe(300);
    expect(await audited(storage)).toEqual(entries(0, 300).map(String));
  });

  it('keeps the partial tiles of its checkpoints until they are full', async () => {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    const grow = async (to: number) => {
      await log.append(entries(log.size, to));
      await log.publishCheckpoint(SIGNER);
      return [...storage.files.keys()].filter((path) => path.includes('.p/'));
    };
    expect(await grow(3)).toHaveLength(2);
    expect(await grow(200)).toHaveLength(4);
    expect(await grow(256)).toEqual(['tile/1/000.p/1']);
  });

  it('is continued with another key while both are known', async () => {
    const storage = new MemoryStorage();
    const keys = generateKey('next');
    const next = parseSignerKey(keys.signerKey);
    const log = await LogWriter.open(storage, LOG);
    await log.publishCheckpoint(SIGNER, next);
    await expect(log.publishCheckpoint(next)).rejects.toThrow(
      'the note is signed by next',
    );
    expect((await LogWriter.open(storage, LOG)).size).toBe(0);
  });
});

describe('a checkpoint is not signed', () => {
  async function logOf(size: number) {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    await log.append(entries(0, size));
    const note = await log.publishCheckpoint(SIGNER);
    return { storage, log, note };
  }

  it('where the stored tiles do not continue the last one', async () => {
    const { storage, log, note } = await logOf(300);
    const write = vi.spyOn(storage, 'write');
    write.mockImplementationOnce((files) => {
      for (const { path, bytes } of files)
        if (path === 'tile/0/001') bytes[8191]! ^= 1;
      return MemoryStorage.prototype.write.call(storage, files);
    });
    await log.append(entries(300, 600));
    await expect(log.publishCheckpoint(SIGNER)).rejects.toThrow(
      'the tree of 600 does not begin with the tree of 300',
    );
    expect(storage.files.get(CHECKPOINT_PATH)).toEqual(note);
    await expect(log.append([])).rejects.toThrow('open it again');
  });

  it('where another writer has published meanwhile', async () => {
    const { storage, log } = await logOf(3);
    const other = await LogWriter.open(storage, LOG);
    await other.append(entries(3, 5));
    const note = await other.publishCheckpoint(SIGNER);
    await log.append(entries(3, 9));
    await expect(log.publishCheckpoint(SIGNER)).rejects.toThrow(
      'another writer has published a checkpoint of example.com/log',
    );
    expect(storage.files.get(CHECKPOINT_PATH)).toEqual(note);
  });

  it('while entries are being appended', async () => {
    const { log } = await logOf(3);
    const appending = log.append(entries(3, 5));
    await expect(log.publishCheckpoint(SIGNER)).rejects.toThrow(
      'one call at a time',
    );
    await appending;
    await log.publishCheckpoint(SIGNER);
  });

  it('after an entry that is too long', async () => {
    const { log } = await logOf(3);
    const long = Buffer.alloc(65_536);
    await expect(log.append([long])).rejects.toThrow(RangeError);
    await expect(log.publishCheckpoint(SIGNER)).rejects.toThrow('open it');
  });
});

describe('a log is not opened', () => {
  it.each([
    ['tile/0/001.p/44', 'are not those that were hashed'],
    ['tile/entries/001.p/44', 'are not those that were hashed'],
    ['tile/1/000.p/1', 'do not make the root of its checkpoint at 300'],
    [CHECKPOINT_PATH, 'is wrong'],
  ])('where %s was changed', async (path, reason) => {
    const storage = new MemoryStorage();
    const log = await LogWriter.open(storage, LOG);
    await log.append(entries(0, 300));
    await log.publishCheckpoint(SIGNER);
    const bytes = Buffer.from(storage.files.get(path)!);
    bytes[17]! ^= 1;
    storage.files.set(path, bytes);
    await expect(LogWriter.open(storage, LOG)).rejects.toThrow(reason);
  });
});

describe('after a crash at any step', () => {
  /** A day of a log: appends and checkpoints, over the edges of tiles. */
  const SIZES = [1, 200, 256, 300, 513, 520];
  const other = (index: number) => Buffer.from(`another ${index}`);

  async function live(storage: CrashingStorage, make?: typeof other) {
    const log = await LogWriter.open(storage, LOG);
    for (const size of SIZES.filter((size) => size > log.size)) {
      await log.append(entries(log.size, size, make));
      await log.publishCheckpoint(SIGNER);
    }
  }

  /** Lives until it crashes, then goes on with other entries until it crashes again, then to the end. */
  async function crashTwice(first: number, second: number, backwards: boolean) {
    const files = new Map<string, Buffer>();
    const heads = [];
    for (const [crashAt, make] of [
      [first, undefined],
      [second, other],
      [Infinity, undefined],
    ] as const) {
      const storage = new CrashingStorage(files, crashAt, backwards);
      await live(storage, make).catch((error) => {
        if (!(error instanceof Crash)) throw error;
      });
      const note = files.get(CHECKPOINT_PATH);
      if (note) heads.push(openCheckpoint(note, LOG));
      const steps = storage.steps;
      if (crashAt === Infinity) return { files, heads, steps };
    }
    throw new Error('unreachable');
  }

  it('goes on from its last checkpoint, and proves it to who kept one', async () => {
    const { steps } = await crashTwice(0, 0, false);
    expect(steps).toBeGreaterThan(40);
    for (let first = 0; first <= steps; first++) {
      const second = (first * 7) % steps;
      const backwards = first % 2 === 1;
      const { files, heads } = await crashTwice(first, second, backwards);
      const storage = new MemoryStorage(files);
      expect(await audited(storage)).toHaveLength(SIZES.at(-1)!);
      const last = heads.at(-1)!;
      const hashes = tileHashReader(last.size, storage.read);
      for (const head of heads) {
        const proof = await proveConsistency(head.size, last.size, hashes);
        verifyConsistency(head, last, proof);
      }
    }
  });

  it('leaves no full tile where readers might take it for a partial one', async () => {
    const files = new Map<string, Buffer>();
    const log = await LogWriter.open(new MemoryStorage(files), LOG);
    // Enough to be written before any checkpoint.
    await log.append(entries(0, 600, () => Buffer.alloc(10_000)));
    expect(files.has('tile/0/000')).toBe(true);
    const again = await LogWriter.open(new MemoryStorage(files), LOG);
    await again.append(entries(0, 100));
    await again.publishCheckpoint(SIGNER);
    expect(files.has('tile/0/000')).toBe(false);
    expect(files.has('tile/entries/000')).toBe(false);
  });
});

/** All entries of a log, once everything in it has been checked against its checkpoint. */
async function audited(storage: MemoryStorage): Promise<string[]> {
  const note = storage.files.get(CHECKPOINT_PATH);
  const { size, root } = note
    ? openCheckpoint(note, LOG)
    : { size: 0, root: EMPTY_ROOT };
  await auditLog({ size, root }, storage.read);
  const all: string[] = [];
  for await (const entry of readEntries(0, size, storage.read))
    all.push(String(entry));
  return all;
}
