import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import type { Pool } from '@app/ledger/postgres';
import { createEncoder, type Encoder } from '../encoder.js';
import type { Zone } from '../hledger.js';
import {
  readManifest,
  writeManifest,
  type ExportRequest,
  type Manifest,
} from './manifest.js';
import {
  cutJournals,
  holdsHeads,
  readOpening,
  readSelected,
  type JournalCut,
} from './read-selected.js';

/** Between two moments from which an export can go on. */
const CHECKPOINT_INTERVAL_MS = 1_000;

export interface ExportTools {
  /** The zone of an IANA name. */
  zoneOf: (name: string) => Zone;
  /** Told now and then, in sequences of the journals that are to be looked through. */
  onProgress?: (done: bigint, total: bigint) => void;
  checkpointIntervalMs?: number;
  /** See `ParquetRows`. */
  rowGroupRows?: number;
}

/** The export cannot begin, or cannot go on; the message says why, in a sentence. */
export class ExportError extends Error {}

/**
 * Exports entries into a new file, up to the heads of this moment, by shard, journal and sequence. The file is
 * `<path>.part` until it is whole; beside it stands what {@link resumeExport} needs.
 *
 * @throws ExportError where there is something at the path already
 */
export async function beginExport(
  pool: Pool,
  path: string,
  request: ExportRequest,
  tools: ExportTools,
): Promise<Manifest> {
  for (const there of [path, partOf(path)])
    if (await exists(there))
      throw new ExportError(`${there} is there already: move it away first.`);
  const cutAt = new Date().toISOString();
  const journals = await cutJournals(pool, request.selection);
  const encoder = encoderFor(request, tools);
  const file = await open(partOf(path), 'ax');
  try {
    const manifest: Manifest = {
      version: 1,
      ...request,
      cutAt,
      journals,
      entries: 0,
      postings: 0,
      bytes: 0,
      formulaFields: 0,
      progress: { journal: 0, position: null, encoder: {} },
      sha256: null,
    };
    const exporting = new Exporting(pool, path, manifest, file, encoder, tools);
    await exporting.append(encoder.begin());
    return await exporting.run();
  } finally {
    await file.close();
  }
}

/**
 * Goes on with an export that was interrupted, whatever interrupted it; the file ends with the bytes that it would have
 * had.
 *
 * @throws ExportError where there is none, or where it was begun from another ledger
 */
export async function resumeExport(
  pool: Pool,
  path: string,
  tools: ExportTools,
): Promise<Manifest> {
  const manifest = await readManifest(path);
  const size = await sizeOf(partOf(path));
  if (!manifest || size === null)
    throw new ExportError(`There is no interrupted export at ${path}.`);
  if (size < manifest.bytes)
    throw new ExportError(
      `${partOf(path)} is shorter than what was written: remove it and begin anew.`,
    );
  if (!(await holdsHeads(pool, manifest.journals)))
    throw new ExportError(
      `${partOf(path)} was begun from another ledger, or from entries that are no longer there.`,
    );
  // Whole, but for its name.
  if (!manifest.progress) {
    await rename(partOf(path), path);
    return manifest;
  }
  const file = await open(partOf(path), 'a');
  try {
    await file.truncate(manifest.bytes);
    const hash = await hashFile(partOf(path));
    const encoder = encoderFor(manifest, tools, manifest.progress.encoder);
    return await new Exporting(
      pool,
      path,
      manifest,
      file,
      encoder,
      tools,
      hash,
    ).run();
  } finally {
    await file.close();
  }
}

/** One export on its way from a manifest to the whole file. */
class Exporting {
  #savedAtMs = performance.now();
  readonly #total: bigint;

  constructor(
    private readonly pool: Pool,
    private readonly path: string,
    private readonly manifest: Manifest,
    private readonly file: FileHandle,
    private readonly encoder: Encoder,
    private readonly tools: ExportTools,
    private readonly hash: Hash = createHash('sha256'),
  ) {
    this.#total = manifest.journals.reduce((sum, cut) => sum + length(cut), 0n);
  }

  async run(): Promise<Manifest> {
    const { manifest } = this;
    const from = manifest.progress!;
    await this.#save(from.journal, from.position);
    let done = 0n;
    for (const [index, cut] of manifest.journals.entries()) {
      if (index < from.journal) {
        done += length(cut);
        continue;
      }
      const position = index === from.journal ? from.position : null;
      await this.#exportJournal(index, cut, position, (reached) =>
        this.tools.onProgress?.(done + reached - cut.after, this.#total),
      );
      done += length(cut);
    }
    await this.append(this.encoder.end());
    await this.file.datasync();
    manifest.formulaFields = this.encoder.state?.formulaFields ?? 0;
    manifest.progress = null;
    manifest.sha256 = this.hash.digest('hex');
    await writeManifest(this.path, manifest);
    await rename(partOf(this.path), this.path);
    return manifest;
  }

  async append(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    await this.file.writeFile(bytes);
    this.hash.update(bytes);
    this.manifest.bytes += bytes.length;
  }

  async #exportJournal(
    index: number,
    cut: JournalCut,
    position: bigint | null,
    onReached: (position: bigint) => void,
  ): Promise<void> {
    const { manifest, pool, encoder } = this;
    const { selection } = manifest;
    if (position === null && manifest.withOpening) {
      const balances = await readOpening(pool, cut, selection);
      await this.append(encoder.opening(cut.journal, cut.shard, balances));
    }
    for await (const page of readSelected(
      pool,
      cut,
      selection,
      position ?? cut.after,
    )) {
      await this.append(encoder.page(page.entries));
      manifest.entries += page.entries.length;
      for (const { postings } of page.entries)
        manifest.postings += postings.length;
      await this.#saveNowAndThen(index, page.position);
      onReached(page.position);
    }
  }

  async #saveNowAndThen(journal: number, position: bigint): Promise<void> {
    const { checkpointIntervalMs = CHECKPOINT_INTERVAL_MS } = this.tools;
    if (
      this.encoder.state &&
      performance.now() - this.#savedAtMs >= checkpointIntervalMs
    )
      await this.#save(journal, position);
  }

  /** First the file, then what is said of it. */
  async #save(journal: number, position: bigint | null): Promise<void> {
    const { manifest, encoder } = this;
    const state = encoder.state ?? {};
    manifest.progress = { journal, position, encoder: state };
    manifest.formulaFields = state.formulaFields ?? 0;
    await this.file.datasync();
    await writeManifest(this.path, manifest);
    this.#savedAtMs = performance.now();
  }
}

function encoderFor(
  { format, selection, timeZone, escapeFormulas }: ExportRequest,
  { zoneOf, rowGroupRows }: ExportTools,
  state?: Parameters<typeof createEncoder>[2],
): Encoder {
  const zone = zoneOf(timeZone);
  return createEncoder(
    format,
    {
      selection,
      zone,
      escapeFormulas,
      ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
    },
    state,
  );
}

function partOf(path: string): string {
  return `${path}.part`;
}

function length({ after, upTo }: JournalCut): bigint {
  return upTo > after ? upTo - after : 0n;
}

async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== null;
}

/** @returns null where there is no such file */
async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    () => null,
  );
}

async function hashFile(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path))
    hash.update(bytes as Buffer);
  return hash;
}
