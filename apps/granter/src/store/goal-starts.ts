import {
  binaryArray,
  type Queryable,
  type Statement,
} from '@app/ledger/postgres';
import type { ProgramSet } from '@app/programs';

/** By goal (see `HeldGoal.id`), where a shard's activity was when the goal was first followed: a Kafka offset. */
export type GoalStarts = ReadonlyMap<string, bigint>;

export async function readGoalStarts(
  db: Queryable,
  shard: number,
): Promise<GoalStarts> {
  const { rows } = await db.query<{ goal: string; kafka_offset: bigint }>({
    name: 'read-goal-starts',
    text: 'SELECT goal, kafka_offset FROM goal_start WHERE shard = $1',
    values: [shard],
  });
  return new Map(rows.map(({ goal, kafka_offset }) => [goal, kafka_offset]));
}

/** Those that begin with the event at an offset, since nothing is known of them yet. */
export function beginning(
  goalIds: Iterable<string>,
  known: GoalStarts,
  offset: bigint,
): GoalStarts {
  return new Map(
    [...goalIds].flatMap((id) => (known.has(id) ? [] : [[id, offset]])),
  );
}

/** @param set the programs that are followed: whoever reads the table is told what a goal counts */
export function saveGoalStarts(
  shard: number,
  starts: GoalStarts,
  set: ProgramSet,
): Statement[] {
  if (starts.size === 0) return [];
  const metrics = new Map(
    set.held.flatMap(({ goals }) =>
      goals.map(({ id, goal }) => [id, goal.metric]),
    ),
  );
  return [
    {
      name: 'save-goal-starts',
      text: `
      INSERT INTO goal_start (shard, goal, kafka_offset, metric)
      SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::text[]) ON CONFLICT DO NOTHING`,
      values: [
        shard,
        binaryArray.text([...starts.keys()]),
        binaryArray.int8([...starts.values()]),
        binaryArray.text(
          [...starts.keys()].map((id) => metrics.get(id) ?? null),
        ),
      ],
    },
  ];
}

/**
 * The goals that an event is nothing to: it came too late for them, or before they were followed. What was never counted
 * is not taken away again by a refund or a flag.
 */
export function uncountedBy(
  { late_for, kafka_offset }: { late_for: string | null; kafka_offset: bigint },
  starts: GoalStarts,
): string[] {
  // The names of goals hold no comma.
  const goals = late_for?.split(',') ?? [];
  for (const [goal, offset] of starts)
    if (kafka_offset < offset && !goals.includes(goal)) goals.push(goal);
  return goals;
}
