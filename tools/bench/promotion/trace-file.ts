import { TraceReader } from '@app/promotion';
import type { Trace } from '../../spending/trace.js';
import { UserError } from '../../support/cli.js';
import { linesOf, openUnpacked } from '../../support/unpacked-file.js';

/**
 * Reads a trace, gzipped or not. Empty lines are passed over.
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
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}.`);
  }
  if (trace.slots.length === 0) throw new UserError(`${path} holds no slots.`);
  return trace;
}
