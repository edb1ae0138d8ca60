import type { ActivityEvent } from '@app/contracts';
import type { CountedBatch, CountedEvent } from '../count/count.js';
import { capPeriodAt, type ProgramSet } from '../published/program-set.js';
import { becameEligible } from './became-eligible.js';
import { rowKey, type ProgressAddress } from '../progress.js';
import { aboutOf, subjectKey } from '../count/subject.js';

export interface SubjectAddress {
  merchantId: string;
  /** See {@link aboutOf}. */
  about: string;
}

/** The subjects that a batch is about: with the facts of its merchants the first to be loaded for it. */
export function subjectsNeeded(
  events: readonly ActivityEvent[],
): SubjectAddress[] {
  const needed = new Map<string, SubjectAddress>();
  for (const event of events) {
    const about = aboutOf(event);
    if (about === null) continue;
    const { merchantId } = event;
    needed.set(subjectKey(merchantId, about), { merchantId, about });
  }
  return [...needed.values()];
}

/** What deciding on a counted batch has to look at: the second to be loaded. */
export interface ProgressNeeded {
  rows: ProgressAddress[];
  /** Merchants of whom every row is needed. */
  merchants: Set<string>;
}

/** @param due rows that the clock may decide in */
export function progressNeeded(
  set: ProgramSet,
  { events }: CountedBatch,
  due: readonly ProgressAddress[],
): ProgressNeeded {
  const rows = new Map<string, ProgressAddress>();
  const merchants = new Set<string>();
  const need = (address: ProgressAddress): void => {
    rows.set(`${address.merchantId}\n${rowKey(address)}`, address);
  };
  for (const counted of events) {
    const { merchantId, occurredAtMs } = counted.event;
    if (needsAllRows(set, counted)) merchants.add(merchantId);
    for (const { goal, period } of counted.changes) {
      need({ merchantId, program: goal.held.lineage, period: period.key });
      for (const cap of goal.held.program.caps)
        need({
          merchantId,
          program: goal.held.lineage,
          period: capPeriodAt(goal.held, cap.period, occurredAtMs).key,
        });
    }
  }
  for (const address of due) {
    need(address);
    // What was granted counts in a cap's period at the time of settling, whenever that was.
    if (set.hasCaps(address.program)) merchants.add(address.merchantId);
  }
  return { rows: [...rows.values()], merchants };
}

function needsAllRows(set: ProgramSet, counted: CountedEvent): boolean {
  return (
    isRecounted(counted.event) ||
    set.held.some(({ program }) => becameEligible(program, counted))
  );
}

/** Whether an event is a flag on a session or a merchant, after which all that the merchant did is counted anew. */
export function isRecounted(event: ActivityEvent): boolean {
  return event.type === 'risk.flagged' && event.data.target.kind !== 'order';
}
