/**
 * Writes a log for other programs to check, and says how fast: see vectors/README.md.
 *
 * Usage: npx tsx libs/transparency/test/write-log.ts <directory> <entries>
 */
import { rm } from 'node:fs/promises';
import {
  generateKey,
  LogDirectory,
  LogWriter,
  parseSignerKey,
  parseVerifierKey,
} from '@app/transparency';

const [directory, count] = process.argv.slice(2);
if (directory === undefined || count === undefined)
  throw new Error('usage: write-log.ts <directory> <entries>');
const size = Number(count);
// As long as an entry of the ledger is, more or less.
const filler = 'x'.repeat(400);

await rm(directory, { recursive: true, force: true });
const origin = 'example.com/log';
const keys = generateKey(origin);
const verifiers = [parseVerifierKey(keys.verifierKey)];
const storage = new LogDirectory(directory);
const log = await LogWriter.open(storage, { origin, verifiers });
const signer = parseSignerKey(keys.signerKey);

function* entriesUpTo(end: number) {
  for (let i = log.size; i < end; i++)
    yield Buffer.from(`entry ${i} ${filler}`);
}

const startMs = performance.now();
await log.append(entriesUpTo(Math.floor(size / 3)));
await log.publishCheckpoint(signer);
await log.append(entriesUpTo(size));
await log.publishCheckpoint(signer);
const seconds = (performance.now() - startMs) / 1000;
const rate = Math.round(size / seconds);
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  `${size} entries in ${seconds.toFixed(1)} s, ${rate} a second, at most ${memory} MiB of memory`,
);
console.log(keys.verifierKey);
