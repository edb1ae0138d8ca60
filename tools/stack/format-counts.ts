import { PLACEMENTS, UNITS } from '@app/contracts';
import type { Counts } from './counts.js';

const NUMBER = new Intl.NumberFormat('en-US');

/** What {@link Counts} says in words, by label; units and placements always in the same order. */
export function formatCounts({
  eventsIn,
  granted,
  spent,
  lag,
}: Counts): [label: string, text: string][] {
  return [
    ['events in', NUMBER.format(eventsIn)],
    ['granted', list(UNITS, granted)],
    ['spent', list(PLACEMENTS, spent)],
    [
      'lag',
      `granter ${NUMBER.format(lag.granter)} · promoter ${NUMBER.format(lag.promoter)}`,
    ],
  ];
}

function list<Name extends string>(
  names: readonly Name[],
  amounts: ReadonlyMap<Name, bigint>,
): string {
  const said = names
    .filter((name) => amounts.has(name))
    .map((name) => `${name} ${NUMBER.format(amounts.get(name)!)}`);
  return said.length > 0 ? said.join(' · ') : 'nothing yet';
}
