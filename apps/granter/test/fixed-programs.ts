import type { ProgramSet } from '@app/programs';
import type { ProgramSource } from '../src/followed-programs.js';

/** The same programs in every shard, whatever changes it has taken. */
export function fixedPrograms(set: ProgramSet): ProgramSource {
  return { latest: set, setAt: () => Promise.resolve(set) };
}
