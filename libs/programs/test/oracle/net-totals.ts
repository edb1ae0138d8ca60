import type { Unit } from '@app/contracts';
import type { Goal, Program } from '../../src/program.js';
import type { GranterInMemory } from '../granter-in-memory.js';
import { totalKey } from './expected-totals.js';
import { lineageName, lineagesOf, versionsByProgram } from './versions.js';

/** What a granter has granted less what it has taken back, by `totalKey`, of the goals that are asked for. */
export function netTotals(
  programs: readonly Program[],
  granter: GranterInMemory,
  isAsked: (program: Program, goal: Goal, unit: Unit) => boolean,
): Map<string, bigint> {
  const lineages = versionsByProgram(programs).flatMap(lineagesOf);
  const totals = new Map<string, bigint>();
  for (const net of granter.net()) {
    const { merchantId, goal, period, unit, amount } = net;
    const program = programs.find(
      (one) =>
        one.program === net.version.program &&
        one.version === net.version.version,
    )!;
    const asked = program.goals.find((one) => one.goal === goal)!;
    if (!isAsked(program, asked, unit)) continue;
    const lineage = lineageName(
      lineages.find((versions) => versions.includes(program))!,
    );
    const key = totalKey({ merchantId, lineage, goal, period, unit });
    const total = (totals.get(key) ?? 0n) + amount;
    if (total === 0n) totals.delete(key);
    else totals.set(key, total);
  }
  return totals;
}
