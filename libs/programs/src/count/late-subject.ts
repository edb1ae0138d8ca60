import type { ActivityEvent } from '@app/contracts';
import { applyToSubject, type SubjectRecord } from './subject.js';

/** A subject, and what it is to the goals for which some of its events came too late, or before the goal began. */
export interface Subject {
  record: SubjectRecord;
  /** By {@link HeldGoal.id}. */
  lateFor: ReadonlyMap<string, SubjectRecord | undefined> | null;
}

/** The subject after an event that some goals find too late. @param record after it, where that is known already */
export function withEvent(
  before: Subject | undefined,
  event: ActivityEvent,
  lateFor: readonly string[],
  record = applyToSubject(before?.record, event),
): Subject {
  if (!before?.lateFor && lateFor.length === 0)
    return { record, lateFor: null };
  const apart = new Map<string, SubjectRecord | undefined>();
  for (const [goalId, known] of before?.lateFor ?? [])
    apart.set(
      goalId,
      lateFor.includes(goalId) ? known : applyToSubject(known, event),
    );
  for (const goalId of lateFor)
    if (!apart.has(goalId)) apart.set(goalId, before?.record);
  return { record, lateFor: apart };
}
