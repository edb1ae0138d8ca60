import { PLACEMENTS, UNITS } from '@app/contracts';
import type { Counts } from './counts.js';
import type { ColdStartCounts } from './granter-counts.js';
import type { ProgramCounts, UnitCounts } from './program-counts.js';

const NUMBER = new Intl.NumberFormat('en-US');
const SHARE = new Intl.NumberFormat('en-US', {
  style: 'percent',
  maximumSignificantDigits: 2,
});
const NOTHING = 'nothing yet';

/** What {@link Counts} says in words, by label; units and placements always in the same order. */
export function formatCounts({
  eventsIn,
  granted,
  spent,
  lag,
  programs,
  granter,
}: Counts): [label: string, text: string][] {
  const settled = programs.reduce((sum, one) => sum + one.settled, 0n);
  return [
    ['events in', NUMBER.format(eventsIn)],
    ['granted', list(UNITS, granted)],
    ['spent', list(PLACEMENTS, spent)],
    [
      'lag',
      `granter ${NUMBER.format(lag.granter)} · promoter ${NUMBER.format(lag.promoter)}`,
    ],
    // The granter counts since it began: while it is away there is nothing to say.
    ...(granter
      ? ([
          [
            'rewards',
            `settled ${NUMBER.format(settled)} · late ${NUMBER.format(granter.late)} · unpaid ${NUMBER.format(granter.unpaid)}`,
          ],
          ['cold starts', formatColdStarts(granter.coldStarts)],
        ] as [string, string][])
      : []),
  ];
}

function formatColdStarts(coldStarts: readonly ColdStartCounts[]): string {
  const said = coldStarts.map(
    ({ program, eligible, granted, slowestSeconds }) => {
      const slowest =
        slowestSeconds === null
          ? ''
          : `, slowest ${slowestSeconds.toFixed(1)} s`;
      return `${program} ${NUMBER.format(granted)} of ${NUMBER.format(eligible)} eligible given traffic${slowest}`;
    },
  );
  return said.length > 0 ? said.join(' · ') : NOTHING;
}

/** Grants by program, in one line. */
export function formatGrants(programs: readonly ProgramCounts[]): string {
  const said = programs
    .filter(({ grants }) => grants > 0n)
    .map(({ program, grants }) => `${program} ${NUMBER.format(grants)}`);
  return said.length > 0 ? said.join(' · ') : NOTHING;
}

/** A line for each program: its grants, and by unit what they come to and what share of the pool that is. */
export function programLines(programs: readonly ProgramCounts[]): string[] {
  const rows = programs.map(({ program, grants, units }) => [
    program,
    NUMBER.format(grants),
    UNITS.filter((unit) => (units.get(unit)?.granted ?? 0n) > 0n)
      .map((unit) => formatUnit(unit, units.get(unit)!))
      .join(' · '),
  ]);
  const [names, counts] = [0, 1].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]!.length)),
  ) as [number, number];
  return rows.map(([program, grants, granted]) =>
    `${program!.padEnd(names)}  ${grants!.padStart(counts)}  ${granted}`.trimEnd(),
  );
}

function formatUnit(unit: string, { granted, left }: UnitCounts): string {
  const share = Number(granted) / Number(granted + left);
  return `${unit} ${NUMBER.format(granted)} (${SHARE.format(share)})`;
}

function list<Name extends string>(
  names: readonly Name[],
  amounts: ReadonlyMap<Name, bigint>,
): string {
  const said = names
    .filter((name) => amounts.has(name))
    .map((name) => `${name} ${NUMBER.format(amounts.get(name)!)}`);
  return said.length > 0 ? said.join(' · ') : NOTHING;
}
