import type { Placement } from '@app/contracts';
import {
  addOutcomes,
  gmvMinorPerThousand,
  NO_OUTCOME,
  type Outcome,
  type PromotionResult,
} from './promotion-result.js';

export const GROUPINGS = ['day', 'placement', 'target'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Results that have something in common. */
export interface ResultGroup extends Outcome {
  /** By day. */
  day?: string;
  /** By placement, and by target. */
  placement?: Placement;
  /** By target. */
  targetId?: string;
  /** In fen; null where nothing was spent. */
  gmvMinorPerThousand: bigint | null;
}

/** Adds results up by what they are to be told by, the days in their order, the others by what they spent. */
export function groupResults(
  results: readonly PromotionResult[],
  by: Grouping,
): ResultGroup[] {
  const groups = new Map<string, Omit<ResultGroup, 'gmvMinorPerThousand'>>();
  for (const result of results) {
    const name = nameOf(result, by);
    const key = JSON.stringify(name);
    const before = groups.get(key) ?? NO_OUTCOME;
    groups.set(key, { ...name, ...addOutcomes(before, result) });
  }
  return Array.from(groups.values(), toGroup).sort(
    by === 'day' ? byDay : bySpending,
  );
}

/** All of them as one. */
export function sumResults(results: readonly PromotionResult[]): ResultGroup {
  return toGroup(results.reduce<Outcome>(addOutcomes, NO_OUTCOME));
}

function nameOf(
  { day, placement, targetId }: PromotionResult,
  by: Grouping,
): Pick<ResultGroup, 'day' | 'placement' | 'targetId'> {
  switch (by) {
    case 'day':
      return { day };
    case 'placement':
      return { placement };
    case 'target':
      return { placement, targetId };
  }
}

function toGroup(group: Omit<ResultGroup, 'gmvMinorPerThousand'>): ResultGroup {
  return { ...group, gmvMinorPerThousand: gmvMinorPerThousand(group) };
}

function byDay({ day: a = '' }: ResultGroup, { day: b = '' }: ResultGroup) {
  return a < b ? -1 : 1;
}

function bySpending(a: ResultGroup, b: ResultGroup): number {
  if (a.impressions !== b.impressions)
    return a.impressions > b.impressions ? -1 : 1;
  return (a.targetId ?? '') < (b.targetId ?? '') ? -1 : 1;
}
