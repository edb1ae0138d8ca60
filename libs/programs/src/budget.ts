import type { Unit } from '@app/contracts';
import { move, type EntryDraft } from '@app/ledger';
import { programHash, type Program } from './program.js';

/** What a program version has in one unit: issued once, in the home of the two. */
export interface Issue {
  program: Program;
  unit: Unit;
  /** More than nothing. */
  amount: bigint;
}

/** The budgets that a program version is published with. */
export function issuesOf(program: Program): Issue[] {
  return Object.entries(program.pools).map(([unit, amount]) => ({
    program,
    unit: unit as Unit,
    amount,
  }));
}

/** Names a program version's budget in one unit. */
export function issueKey(program: string, version: number, unit: Unit): string {
  return `${program}/${version}/${unit}`;
}

/**
 * The entry that issues a budget, out of `issuance`.
 *
 * @param publishedAtMs when the version was published: milliseconds since the epoch
 */
export function issueDraft(
  { program, unit, amount }: Issue,
  publishedAtMs: number,
): EntryDraft {
  return {
    kind: 'budget',
    merchantId: null,
    occurredAtMs: publishedAtMs,
    postings: move(unit, amount, 'issuance', `pool:${program.program}`),
    cause: {
      type: 'program_published',
      program: program.program,
      version: program.version,
      unit,
      programHash: programHash(program),
    },
  };
}
