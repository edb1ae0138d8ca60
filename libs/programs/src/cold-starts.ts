import type { EntryDraft } from '@app/ledger';
import type { CountedEvent } from './count/count.js';
import type { HeldGoal, ProgramSet } from './published/program-set.js';
import type { UnpaidReward } from './decide/reward-entry.js';

/**
 * What a program that rewards first streams at once made of one: `not_eligible` may still become `granted`, where the
 * merchant's registration comes later; `late` is a stream that came to light after its time.
 */
export const COLD_START_OUTCOMES = [
  'granted',
  'pool_dry',
  'capped',
  'not_eligible',
  'late',
] as const;
export type ColdStartOutcome = (typeof COLD_START_OUTCOMES)[number];

/** A merchant's first stream in a program, decided in a batch. */
export interface ColdStart {
  merchantId: string;
  program: string;
  outcome: ColdStartOutcome;
  /** Of what was granted, the event that decided it, by its place in the batch; null otherwise. */
  decidedBy: number | null;
}

const METRIC = 'firstStream';

/**
 * The cold starts of a batch, each once: one of which a part was granted is granted. Pure.
 *
 * @param events of the batch, as they were counted
 * @param outcome what was decided on them
 */
export function coldStartsOf(
  set: ProgramSet,
  events: readonly CountedEvent[],
  outcome: {
    drafts: readonly EntryDraft[];
    unpaid: readonly UnpaidReward[];
  },
): ColdStart[] {
  const goals = set.goalsOf(METRIC).filter(paysAtOnce);
  if (goals.length === 0) return [];
  const found = new Map<string, ColdStart>();
  const add = (goal: string, start: ColdStart) => {
    const key = JSON.stringify([start.merchantId, start.program, goal]);
    if (!found.has(key)) found.set(key, start);
  };
  const rewards = (program: string, goal: string) =>
    goals.some(
      ({ held, goal: one }) =>
        held.program.program === program && one.goal === goal,
    );

  // What was granted outweighs what was not, and both what was only reached.
  for (const { merchantId, cause } of outcome.drafts)
    if (cause.type === 'goal_reached' && rewards(cause.program, cause.goal))
      add(cause.goal, {
        merchantId: merchantId!,
        program: cause.program,
        outcome: 'granted',
        decidedBy: placeOf(events, cause.events[0]),
      });
  for (const { merchantId, program, goal, because } of outcome.unpaid)
    if (rewards(program, goal))
      add(goal, { merchantId, program, outcome: because, decidedBy: null });
  for (const { event, changes, lateFor } of events)
    for (const held of goals) {
      const { merchantId } = event;
      const { program } = held.held.program;
      const reached = changes.some(
        ({ goal, amount }) => goal === held && amount > 0,
      );
      if (reached || lateFor.includes(held.id))
        add(held.goal.goal, {
          merchantId,
          program,
          outcome: reached ? 'not_eligible' : 'late',
          decidedBy: null,
        });
    }
  return [...found.values()];
}

function paysAtOnce({ goal }: HeldGoal): boolean {
  return goal.settlesAfterMs === null;
}

function placeOf(
  events: readonly CountedEvent[],
  reference: CountedEvent['reference'] | undefined,
): number | null {
  if (!reference) return null;
  const place = events.findIndex(
    (event) =>
      event.reference.partition === reference.partition &&
      event.reference.offset === reference.offset,
  );
  return place < 0 ? null : place;
}
