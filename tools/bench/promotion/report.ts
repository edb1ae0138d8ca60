import type { BaselineName } from '../../spending/baselines/index.js';
import type { DecisionRound } from './decision-round.js';

/** What is scored against the baselines, or one of them alone. */
export type Scored = 'ours' | BaselineName;

/** With a round of decisions where one was asked for. */
export interface Report extends Partial<DecisionRound> {
  merchants: number;
  lots: number;
  slots: number;
  grantedImpressions: number;
  /** In whole fen. Without the optima where they were skipped, and with one policy where one was asked for. */
  gmvMinor: Partial<Record<Scored | 'informed' | 'hindsight', number>>;
  ratioToInformed?: number;
  ratioToInformedFirstWeek?: number;
  ratioToHindsight?: number;
  ratioToBestBaseline?: number;
  avoidableExpiryShare: number;
  decisionsPerSecond: number;
}

const NUMBER = new Intl.NumberFormat('en-US');

/** The report as a table to read: GMV by policy, the greatest first, then all other figures. */
export function table({ gmvMinor, ...figures }: Report): string {
  const { informed } = gmvMinor;
  const policies = Object.entries(gmvMinor)
    .sort(([, a], [, b]) => b - a)
    .map(([name, gmv]) => [
      name,
      NUMBER.format(gmv),
      informed ? (gmv / informed).toFixed(4) : '',
    ]);
  const rest = Object.entries(figures).map(([name, value]) => [
    name,
    Number.isInteger(value) ? NUMBER.format(value) : value.toFixed(4),
  ]);
  return [
    ...aligned([['', 'GMV, fen', informed ? 'of informed' : ''], ...policies]),
    '',
    ...aligned(rest),
  ].join('\n');
}

/** Names to the left, figures to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column]!)
          : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
