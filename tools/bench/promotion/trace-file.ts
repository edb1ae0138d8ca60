import { TraceReader } from '@app/promotion';
import type { Trace } from '../../spending/trace.js';
import { UserError } from '../../support/cli.js';
import { linesOf, openUnpacked } from '../../support/unpacked-file.js';

/**
 * Reads a trace, gzipped or not, and brings it in the order of time. Empty lines are passed over.
 *
 * @param onRead is told how many bytes of the file have been read so far
 * @throws UserError where it cannot be read, with the line of the first mistake, or where it has no slots
 */
export async function readTrace(
  path: string,
  onRead?: (bytes: number) => void,
): Promise<Trace> {
  const trace: Trace = { merchants: new Map(), lots: [], slots: [] };
  const reader = new TraceReader();
  let line = 0;
  try {
    for await (const text of linesOf(await openUnpacked(path, onRead))) {
      line += 1;
      if (text.trim() === '') continue;
      const event = reader.read(text, line);
      if (event.kind === 'merchant')
        trace.merchants.set(event.merchantId, event);
      else if (event.kind === 'lot') trace.lots.push(event);
      else trace.slots.push(event);
    }
    reader.end();
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}.`);
  }
  if (trace.slots.length === 0) throw new UserError(`${path} holds no slots.`);
  // Sorting keeps the file's order among those of one instant.
  trace.lots.sort(byTime);
  trace.slots.sort(byTime);
  return trace;
}

function byTime(a: { atMs: number }, b: { atMs: number }): number {
  return a.atMs - b.atMs;
}
