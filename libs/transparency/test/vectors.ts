import { readFileSync } from 'node:fs';

/** What Go makes of logs with the entries of `vectorEntry`: see vectors/README.md. */
interface Vectors {
  roots: { size: number; root: string }[];
  inclusion: { index: number; size: number; proof: string[] }[];
  consistency: { from: number; size: number; proof: string[] }[];
  growth: { from: number; to: number; paths: string[] }[];
  files: { path: string; sha256: string }[];
  notes: {
    name: string;
    seed: string;
    signerKey: string;
    verifierKey: string;
    text: string;
    note: string;
  }[];
}

export const VECTORS = JSON.parse(
  readFileSync(new URL('vectors/vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** The entries that vectors/main.go appends: of different lengths, the first one empty. */
export function vectorEntry(index: number): Buffer {
  return Buffer.from(`entry ${index};`.repeat(index % 4));
}

/** The size of the largest log there. */
export const VECTOR_ENTRIES = 70_000;
