import { open, readFile, rename } from 'node:fs/promises';
import type { EncoderState, Format } from '../encoder.js';
import type { JournalCut } from './read-selected.js';
import type { Selection } from '../selection.js';

/** What is to be exported, and how. */
export interface ExportRequest {
  format: Format;
  selection: Selection;
  /** IANA name: of the dates in an hledger journal. */
  timeZone: string;
  /** Begin an hledger journal with what accounts had before the period. */
  withOpening: boolean;
  /** See `CsvRows`. */
  escapeFormulas: boolean;
}

/** What is known of an export, in a file beside it. */
export interface Manifest extends ExportRequest {
  version: 1;
  /** RFC 3339, UTC: when the journals were cut. */
  cutAt: string;
  /** By shard and journal: the order of the file. */
  journals: JournalCut[];
  entries: number;
  postings: number;
  /** Of the file, from its beginning. */
  bytes: number;
  /** Fields that a spreadsheet would take for formulas; CSV alone. */
  formulaFields: number;
  /** Where the export stands; null once the file is whole. */
  progress: Progress | null;
  /** SHA-256 of the file in hex; null until it is whole. */
  sha256: string | null;
}

/** All that stands in the first `bytes` of the file, and nothing more, is behind it. */
export interface Progress {
  /** Index into `journals`. */
  journal: number;
  /** The sequence up to which the journal is written; null before its opening balances. */
  position: bigint | null;
  encoder: EncoderState;
}

export function manifestPath(path: string): string {
  return `${path}.export.json`;
}

/** @returns null where there is none */
export async function readManifest(path: string): Promise<Manifest | null> {
  const text = await readFile(manifestPath(path), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  return text === null ? null : parseManifest(text);
}

/** Replaces the manifest as a whole: a crash leaves the old one or the new one. */
export async function writeManifest(
  path: string,
  manifest: Manifest,
): Promise<void> {
  const file = manifestPath(path);
  const unfinished = await open(`${file}.new`, 'w');
  try {
    await unfinished.writeFile(formatManifest(manifest));
    await unfinished.datasync();
  } finally {
    await unfinished.close();
  }
  await rename(`${file}.new`, file);
}

/** JSON has no bigints: they stand as `{"bigint": "1"}`. */
export function formatManifest(manifest: Manifest): string {
  const text = JSON.stringify(
    manifest,
    (_name, value: unknown) =>
      typeof value === 'bigint' ? { bigint: String(value) } : value,
    2,
  );
  return `${text}\n`;
}

export function parseManifest(text: string): Manifest {
  const manifest = JSON.parse(text, (_name, value: unknown) => {
    const tagged = (value as { bigint?: unknown } | null)?.bigint;
    return typeof tagged === 'string' ? BigInt(tagged) : value;
  }) as Manifest;
  if (manifest.version !== 1)
    throw new Error(
      `a manifest of another version: ${String(manifest.version)}`,
    );
  return manifest;
}
