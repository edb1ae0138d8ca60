import fc from 'fast-check';
import { hash } from 'node:crypto';
import { entries, hex, makeTree, unhex } from '../test/logs.js';
import { VECTOR_ENTRIES, vectorEntry, VECTORS } from '../test/vectors.js';
import {
  leafHash,
  proveConsistency,
  proveInclusion,
  treeHash,
} from './merkle.js';
import {
  parseTilePath,
  partialTiles,
  supersededTiles,
  tileHashReader,
  tilePath,
  tilesToWrite,
  type Tile,
} from './tiles.js';
import { verifyConsistency, verifyInclusion } from './verify-proof.js';

const anyTile: fc.Arbitrary<Tile> = fc.record({
  level: fc.oneof(fc.nat({ max: 6 }), fc.constant('entries' as const)),
  index: fc.maxSafeNat(),
  width: fc.integer({ min: 1, max: 256 }),
});

describe('the path of a tile', () => {
  it.each<[Tile, string]>([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 2, index: 999, width: 1 }, 'tile/2/999.p/1'],
    [{ level: 1, index: 1234067, width: 256 }, 'tile/1/x001/x234/067'],
    [
      { level: 'entries', index: 1000, width: 255 },
      'tile/entries/x001/000.p/255',
    ],
  ])('of %o is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('says which tile it is', () => {
    fc.assert(
      fc.property(anyTile, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    'tile/0/0',
    'tile/00/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/data/000',
    'tile/0/../checkpoint',
  ])('is not %s', (path) => {
    expect(() => parseTilePath(path)).toThrow(
      `not the path of a tile: ${path}`,
    );
  });
});

describe('a growing tree', () => {
  it('of 70,000 has the tiles that the specification counts', () => {
    const paths = tilesToWrite(0, 70_000).map(tilePath);
    const at = (level: string) =>
      paths.filter((path) => path.startsWith(`tile/${level}/`));
    expect(at('entries')).toHaveLength(274);
    expect(at('0')).toHaveLength(274);
    expect(at('1')).toEqual(['tile/1/000', 'tile/1/001.p/17']);
    expect(at('2')).toEqual(['tile/2/000.p/1']);
    expect(paths).toContain('tile/0/273.p/112');
  });

  it.each(VECTORS.growth)(
    'from $from to $to writes the tiles that Go writes',
    ({ from, to, paths }) => {
      const hashes = tilesToWrite(from, to).map(tilePath);
      expect(hashes.filter((path) => !path.includes('entries'))).toEqual(paths);
    },
  );

  it('supersedes the partial tiles that it has filled', () => {
    expect(supersededTiles(100, 255)).toEqual([]);
    expect(supersededTiles(100, 256).map(tilePath)).toEqual([
      'tile/entries/000.p/100',
      'tile/0/000.p/100',
    ]);
    expect(supersededTiles(256, 70_000).map(tilePath)).toEqual([
      'tile/1/000.p/1',
    ]);
  });

  it('writes each tile as wide as it becomes, and no other', () => {
    const anySizes = fc.tuple(fc.nat(200_000), fc.nat(2_000));
    fc.assert(
      fc.property(anySizes, ([from, more]) => {
        const written = tilesToWrite(from, from + more).map(tilePath);
        const last = partialTiles(from + more).map(tilePath);
        const partial = written.filter((path) => path.includes('.p/'));
        expect(last).toEqual(expect.arrayContaining(partial));
        expect(new Set(written).size).toBe(written.length);
      }),
    );
  });
});

describe('a log of 70,000', () => {
  const tree = makeTree(entries(0, VECTOR_ENTRIES, vectorEntry));

  it('has the files that Go makes', async () => {
    const { files } = await tree;
    const hashes = [...files].map(([path, bytes]) => ({
      path,
      sha256: hash('sha256', bytes, 'hex'),
    }));
    const byPath = (a: { path: string }, b: { path: string }) =>
      a.path < b.path ? -1 : 1;
    expect(hashes.sort(byPath)).toEqual(VECTORS.files.toSorted(byPath));
  });

  it('has at every size the root that Go computes', async () => {
    const hashes = tileHashReader(VECTOR_ENTRIES, (await tree).read);
    for (const { size, root } of VECTORS.roots)
      expect(hex(await treeHash(size, hashes))).toBe(root);
  });

  it('proves inclusion as Go does', async () => {
    const hashes = tileHashReader(VECTOR_ENTRIES, (await tree).read);
    for (const { index, size, proof } of VECTORS.inclusion) {
      const own = await proveInclusion(index, size, hashes);
      expect(own.map(hex)).toEqual(proof);
      const root = await treeHash(size, hashes);
      const leaf = leafHash(vectorEntry(index));
      verifyInclusion({ index, size, root, leafHash: leaf }, proof.map(unhex));
    }
  });

  it('proves consistency as Go does', async () => {
    const hashes = tileHashReader(VECTOR_ENTRIES, (await tree).read);
    for (const { from, size, proof } of VECTORS.consistency) {
      const own = await proveConsistency(from, size, hashes);
      expect(own.map(hex)).toEqual(proof);
      const [small, large] = await Promise.all(
        [from, size].map((at) => treeHash(at, hashes)),
      );
      verifyConsistency(
        { size: from, root: small! },
        { size, root: large! },
        proof.map(unhex),
      );
    }
  });
});

describe('any proof out of tiles', () => {
  const SIZE = 1_000;
  const tree = makeTree(entries(0, SIZE));
  const anySize = fc.integer({ min: 1, max: SIZE });

  it('holds, at any size, and not where a byte of a tile that it needs is flipped', () =>
    fc.assert(
      fc.asyncProperty(
        anySize,
        fc.nat(),
        fc.nat(),
        async (size, entry, salt) => {
          const index = entry % size;
          const { read, files } = await tree;
          const root = await treeHash(size, tileHashReader(SIZE, read));
          const leaf = leafHash(Buffer.from(`entry ${index}`));
          const claim = { index, size, root, leafHash: leaf };
          const asked: string[] = [];
          const honest = await proveInclusion(
            index,
            size,
            tileHashReader(SIZE, (path) => {
              if (files.has(path)) asked.push(path);
              return read(path);
            }),
          );
          verifyInclusion(claim, honest);
          fc.pre(asked.length > 0);
          const target = asked[salt % asked.length]!;
          const forged = Buffer.from(files.get(target)!);
          forged[salt % forged.length]! ^= 1;
          const proof = await proveInclusion(
            index,
            size,
            tileHashReader(SIZE, async (path) =>
              path === target ? forged : read(path),
            ),
          );
          // The byte may be of a hash that this proof has no use for.
          if (!Buffer.concat(proof).equals(Buffer.concat(honest)))
            expect(() => verifyInclusion(claim, proof)).toThrow();
        },
      ),
    ));

  it('holds for any two sizes', () =>
    fc.assert(
      fc.asyncProperty(anySize, anySize, async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { read } = await tree;
        const hashes = tileHashReader(SIZE, read);
        const small = { size: from, root: await treeHash(from, hashes) };
        const large = { size: to, root: await treeHash(to, hashes) };
        const proof = await proveConsistency(from, to, hashes);
        verifyConsistency(small, large, proof);
      }),
    ));

  it('takes the full tile where the partial one is gone', async () => {
    const { read, files } = await makeTree(entries(0, 256));
    expect(files.has('tile/0/000.p/250')).toBe(false);
    const old = await makeTree(entries(0, 250));
    expect(await treeHash(250, tileHashReader(250, read))).toEqual(old.root);
  });

  it('says which tile is missing or cut off', async () => {
    const gone = tileHashReader(256, async () => undefined);
    await expect(treeHash(256, gone)).rejects.toThrow(
      'the log has no tile/1/000.p/1',
    );
    const short = tileHashReader(300, async () => Buffer.alloc(31));
    await expect(treeHash(300, short)).rejects.toThrow('is cut off after 31');
    await expect(treeHash(257, gone)).rejects.toThrow(RangeError);
  });
});
