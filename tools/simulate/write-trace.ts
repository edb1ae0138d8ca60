import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeTraceLine, type TraceEvent } from '@app/promotion';
import {
  spanOf,
  trace,
  type TraceOptions,
} from '../../apps/simulator/src/traces/trace.js';
import type { TraceWorld } from '../../apps/simulator/src/traces/trace-world.js';
import { DAY_MS } from '../../apps/simulator/src/world/calendar.js';

export interface TraceTotals {
  merchants: number;
  lots: number;
  slots: number;
  /** Impressions: what is granted, and what there is room for. */
  traffic: number;
  room: number;
}

/** Lines are handed on in pieces of so many characters: one by one takes twice as long. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * Writes a trace as NDJSON, gzipped where the file's name ends in `.gz`, in bounded memory. It is `FILE.part` until
 * it is whole.
 *
 * @param onDay is told how many of the days are written
 */
export async function writeTrace(
  path: string,
  world: TraceWorld,
  options: TraceOptions,
  onDay: (days: number) => void = () => undefined,
): Promise<TraceTotals> {
  const totals: TraceTotals = {
    merchants: 0,
    lots: 0,
    slots: 0,
    traffic: 0,
    room: 0,
  };
  const partPath = `${path}.part`;
  const packing = path.endsWith('.gz') ? [createGzip()] : [];
  await pipeline([
    Readable.from(pieces()),
    ...packing,
    createWriteStream(partPath),
  ]);
  await rename(partPath, path);
  return totals;

  function* pieces(): Generator<string> {
    const { startMs } = spanOf(world, options.days);
    let piece = '';
    let day = 0;
    for (const { atMs, event } of trace(world, options)) {
      count(totals, event);
      piece += `${writeTraceLine(event)}\n`;
      if (piece.length >= PIECE_CHARACTERS) {
        yield piece;
        piece = '';
      }
      const daysOver = Math.floor((atMs - startMs) / DAY_MS);
      if (daysOver > day) onDay((day = daysOver));
    }
    yield piece;
    onDay(options.days);
  }
}

function count(totals: TraceTotals, event: TraceEvent): void {
  if (event.kind === 'merchant') totals.merchants += 1;
  else if (event.kind === 'lot') {
    totals.lots += 1;
    totals.traffic += event.amount;
  } else {
    totals.slots += 1;
    totals.room += event.capacity;
  }
}
