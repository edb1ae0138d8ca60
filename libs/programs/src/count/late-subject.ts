import type { ActivityEvent } from '@app/contracts';
import { applyToSubject, type SubjectRecord } from './subject.js';

/** A subject as all goals know it, or as most do: there are many, and nearly all are known alike. */
export type Subject = SubjectRecord | LateSubject;

/** A subject some of whose events came too late for some goals, or before those began. */
export class LateSubject {
  constructor(
    readonly record: SubjectRecord,
    /** What it is to those goals, by {@link HeldGoal.id}. */
    readonly lateFor: ReadonlyMap<string, SubjectRecord | undefined>,
  ) {}
}

/** What it is to all goals that found none of its events too late. */
export function recordOf(subject: Subject): SubjectRecord {
  return subject instanceof LateSubject ? subject.record : subject;
}

/** What it is to the goals that know it otherwise, by {@link HeldGoal.id}; null where there are none. */
export function lateForOf(
  subject: Subject | undefined,
): LateSubject['lateFor'] | null {
  return subject instanceof LateSubject ? subject.lateFor : null;
}

/** All that it is to goals. */
export function recordsOf(subject: Subject | undefined): SubjectRecord[] {
  if (!subject) return [];
  const apart = [...(lateForOf(subject)?.values() ?? [])];
  return [recordOf(subject), ...apart.filter((one) => one !== undefined)];
}

/** What it is to a goal. @param goalId see {@link HeldGoal.id} */
export function recordFor(
  subject: Subject | undefined,
  goalId: string,
): SubjectRecord | undefined {
  const apart = lateForOf(subject);
  if (apart?.has(goalId)) return apart.get(goalId);
  return subject && recordOf(subject);
}

/** The subject after an event that some goals find too late. @param record after it, where that is known already */
export function withEvent(
  before: Subject | undefined,
  event: ActivityEvent,
  lateFor: readonly string[],
  record = applyToSubject(before && recordOf(before), event),
): Subject {
  const lateBefore = lateForOf(before);
  if (!lateBefore && lateFor.length === 0) return record;
  const apart = new Map<string, SubjectRecord | undefined>();
  for (const [goalId, known] of lateBefore ?? [])
    apart.set(
      goalId,
      lateFor.includes(goalId) ? known : applyToSubject(known, event),
    );
  for (const goalId of lateFor)
    if (!apart.has(goalId)) apart.set(goalId, before && recordOf(before));
  return new LateSubject(record, apart);
}
