import type { CountedEvent } from '../count/count.js';
import type { Program } from '../program.js';
import { isEligible } from '../published/program-set.js';

/** Whether an event made its merchant eligible for a program: then what was reached ahead of it is paid as well. */
export function becameEligible(
  program: Program,
  {
    event,
    facts,
    factsBefore,
  }: Pick<CountedEvent, 'event' | 'facts' | 'factsBefore'>,
): boolean {
  if (program.eligible === null || facts === factsBefore) return false;
  const atMs = event.occurredAtMs;
  return (
    !isEligible(program, factsBefore, atMs) && isEligible(program, facts, atMs)
  );
}
