import type { ActivityEvent } from '@app/contracts';
import type { Program } from '../src/program.js';
import { inTimeOrder } from './any-activity.js';
import { timeMs } from './activity.js';
import { GranterInMemory } from './granter-in-memory.js';

/** A granter of one program after events that came by their time, each when it happened. */
export function lived(
  program: Program,
  events: readonly ActivityEvent[],
): GranterInMemory {
  const granter = new GranterInMemory([program]);
  for (const event of inTimeOrder(events))
    granter.take([event], event.occurredAtMs);
  return granter;
}

/** What was granted and taken back once events came by their time and the clock stood at another. */
export function livedUntil(
  time: string,
  program: Program,
  events: readonly ActivityEvent[],
): string[] {
  return lived(program, events).at(timeMs(time)).grants();
}
