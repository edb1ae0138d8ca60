import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';

const TAIL_BYTES = 16_384;

/** Keeps the log of the run before beside the new one, so that logs never grow without end. */
export function rotateLog(file: string): void {
  try {
    renameSync(file, file.replace(/\.log$/, '.previous.log'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The last lines of a log, oldest first; none where there is no log. */
export function readLogTail(file: string, lines: number): string[] {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - start);
    const read = readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes.toString('utf8', 0, read).trimEnd().split('\n').slice(-lines);
  } finally {
    closeSync(descriptor);
  }
}
