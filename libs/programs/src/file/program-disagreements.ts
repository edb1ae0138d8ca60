import {
  asFields,
  asList,
  asText,
  asTime,
  repeated,
  when,
  type Disagreement,
  type Fields,
} from './loose-fields.js';
import { goalDisagreements } from './program-goal-disagreements.js';
import { withoutPool } from './program-reward-disagreements.js';

/**
 * Where the fields of a program file contradict each other. Passes over whatever is not of the right form
 * (the schema names that), so that all mistakes of a file come to light at once.
 */
export function disagreements(content: unknown): Disagreement[] {
  const file = asFields(content);
  const goals = asList(file.goals);
  return [
    ...inWindowOrder(file.window),
    ...stageDisagreements(file),
    ...startsTooLate(file),
    ...capDisagreements(file),
    ...repeated(
      goals.map(({ goal }) => goal),
      (g) => ['goals', g, 'goal'],
    ),
    ...goals.flatMap((goal, g) => goalDisagreements(file, goal, ['goals', g])),
  ];
}

function inWindowOrder(value: unknown): Disagreement[] {
  const { from, until } = asFields(value);
  return when(
    asTime(from) >= asTime(until),
    ['window', 'until'],
    'expected a time after from',
  );
}

function stageDisagreements(file: Fields): Disagreement[] {
  const stages = asList(file.stages);
  const window = asFields(file.window);
  return [
    ...repeated(
      stages.map(({ stage }) => stage),
      (s) => ['stages', s, 'stage'],
    ),
    ...stages.flatMap(({ from, until }, s) => [
      ...when(
        asTime(from) >= asTime(until),
        ['stages', s, 'until'],
        'expected a time after from',
      ),
      ...when(
        asTime(from) < asTime(stages[s - 1]?.until),
        ['stages', s, 'from'],
        'expected no time before the stage above it ends',
      ),
      ...when(
        asTime(from) < asTime(window.from),
        ['stages', s, 'from'],
        'expected no time before the window begins',
      ),
      ...when(
        asTime(until) > asTime(window.until),
        ['stages', s, 'until'],
        'expected no time after the window ends',
      ),
    ]),
  ];
}

function startsTooLate({ startsAt, window }: Fields): Disagreement[] {
  return when(
    asTime(startsAt) >= asTime(asFields(window).until),
    ['startsAt'],
    'expected a time before the window ends',
  );
}

function capDisagreements(file: Fields): Disagreement[] {
  const caps = asList(file.caps);
  return caps.flatMap((cap, c) => [
    ...withoutPool(file, cap, ['caps', c]),
    ...when(
      caps
        .slice(0, c)
        .some(
          ({ unit, period }) =>
            unit !== undefined && unit === cap.unit && period === cap.period,
        ),
      ['caps', c, 'period'],
      `expected another unit or period: a cap of ${asText(cap.unit)} a ${asText(cap.period)} stands further up`,
    ),
  ]);
}
