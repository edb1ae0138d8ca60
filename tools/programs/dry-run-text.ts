import {
  timeZone,
  type DryRunDifferences,
  type DryRunReport,
  type DryRunResult,
  type UnitReport,
} from '@app/programs';
import { amountText, table } from '../ledger/ask/output.js';
import { countText } from './count-text.js';

const BAR_WIDTH = 30;

export interface TextOptions {
  /** What was asked for: milliseconds since the epoch, infinite where it is open. */
  span: { fromMs: number; untilMs: number };
  /** IANA name: of the times. */
  zone: string;
}

/** What people read of a dry run. */
export function dryRunText(
  result: DryRunResult,
  { span, zone }: TextOptions,
): string {
  const { activity, draft, running, differences } = result;
  const { events, merchants, firstMs, lastMs } = activity;
  if (firstMs === null || lastMs === null)
    return `no activity ${spanText(span, zone)}\n`;
  return [
    `${draft.program} version ${draft.version}${running ? ` beside version ${running.version}` : ''}\n` +
      `${countText(events, 'event')} of ${countText(merchants, 'merchant')}, ` +
      `from ${timeText(firstMs, zone)} to ${timeText(lastMs, zone)}\n`,
    costs(draft, running),
    goals(draft, running),
    ...draft.units.map(spread),
    ...draft.units.map(top),
    ...(differences?.units.map(changes) ?? []),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** E.g. `from … to …`; `yet` where it is open on both sides. */
export function spanText(
  { fromMs, untilMs }: TextOptions['span'],
  zone: string,
): string {
  const ends = [
    ...(Number.isFinite(fromMs) ? [`from ${timeText(fromMs, zone)}`] : []),
    ...(Number.isFinite(untilMs) ? [`to ${timeText(untilMs, zone)}`] : []),
  ];
  return ends.join(' ') || 'yet';
}

/** RFC 3339, to the second, with the zone's offset. */
function timeText(atMs: number, zone: string): string {
  const offsetMs = timeZone(zone).offsetMs(atMs);
  const offset = new Date(Math.abs(offsetMs)).toISOString().slice(11, 16);
  const local = new Date(atMs + offsetMs).toISOString().slice(0, 19);
  return `${local}${offsetMs < 0 ? '-' : '+'}${offset}`;
}

/** A number of each version, and how they differ. */
interface Row {
  name: string;
  of: (report: DryRunReport) => bigint;
  /** Left out where it is nothing in both versions. */
  isOptional?: boolean;
}

function costs(draft: DryRunReport, running: DryRunReport | null): string {
  const units = new Set(
    [draft, ...(running ? [running] : [])].flatMap((report) =>
      report.units.map(({ unit }) => unit),
    ),
  );
  return table(
    [
      heading('', draft, running),
      ...compared(draft, running, [
        {
          name: 'merchants eligible',
          of: ({ merchants }) => BigInt(merchants.eligible),
        },
        {
          name: 'merchants reached',
          of: ({ merchants }) => BigInt(merchants.reached),
        },
        {
          name: 'events too late',
          of: ({ lateEvents }) => BigInt(lateEvents),
          isOptional: true,
        },
      ]),
      ...[...units].flatMap((unit) => [
        [],
        [unit],
        ...compared(draft, running, rowsOf(unit)),
      ]),
    ],
    [1, 2, 3],
  );
}

function rowsOf(unit: UnitReport['unit']): Row[] {
  const row = (
    name: string,
    of: (report: UnitReport) => bigint,
    isOptional = false,
  ): Row => ({
    name: `  ${name}`,
    of: ({ units }) => {
      const found = units.find((known) => known.unit === unit);
      return found ? of(found) : 0n;
    },
    isOptional,
  });
  return [
    row('pool', ({ pool }) => pool),
    row('granted', ({ granted }) => granted),
    row('taken back', ({ takenBack }) => takenBack, true),
    row('net', ({ net }) => net),
    row(
      'unpaid, the pool was dry',
      ({ unpaid }) => unpaid.poolDry.amount,
      true,
    ),
    row('unpaid, capped', ({ unpaid }) => unpaid.capped.amount, true),
    row('a merchant, p50', ({ spread: { p50 } }) => p50),
    row('a merchant, p90', ({ spread: { p90 } }) => p90),
    row('a merchant, p99', ({ spread: { p99 } }) => p99),
    row('a merchant, at most', ({ spread: { max } }) => max),
  ];
}

function heading(
  first: string,
  draft: DryRunReport,
  running: DryRunReport | null,
): string[] {
  return running
    ? [
        first,
        `version ${draft.version}`,
        `version ${running.version}`,
        'difference',
      ]
    : [first, `version ${draft.version}`];
}

function compared(
  draft: DryRunReport,
  running: DryRunReport | null,
  rows: readonly Row[],
): string[][] {
  return rows.flatMap(({ name, of, isOptional }) => {
    const mine = of(draft);
    const other = running ? of(running) : 0n;
    if (isOptional && mine === 0n && other === 0n) return [];
    return [
      [
        name,
        amountText(mine),
        ...(running ? [amountText(other), differenceText(mine - other)] : []),
      ],
    ];
  });
}

function differenceText(difference: bigint): string {
  return difference > 0n
    ? `+${amountText(difference)}`
    : amountText(difference);
}

/** What one line of goals tells of a version. */
interface GoalLine {
  names: [goal: string, tier: string, unit: string];
  grants: number;
  granted: bigint;
}

function goals(draft: DryRunReport, running: DryRunReport | null): string {
  const lines = new Map<string, [GoalLine | null, GoalLine | null]>();
  // What the running version alone has stands with its goal.
  const names = [draft, ...(running ? [running] : [])].flatMap((report) =>
    report.goals.map(({ goal }) => goal),
  );
  for (const name of new Set(names)) {
    for (const line of linesOf(draft, name))
      lines.set(line.names.join('\n'), [line, null]);
    for (const line of running ? linesOf(running, name) : []) {
      const key = line.names.join('\n');
      lines.set(key, [lines.get(key)?.[0] ?? null, line]);
    }
  }
  const of = (line: GoalLine | null): string[] =>
    line
      ? [amountText(BigInt(line.grants)), amountText(line.granted)]
      : ['', ''];
  const rows = Array.from(lines.values(), ([mine, other]) => [
    ...(mine ?? other)!.names,
    ...of(mine),
    ...(running
      ? [
          ...of(other),
          differenceText((mine?.granted ?? 0n) - (other?.granted ?? 0n)),
        ]
      : []),
  ]);
  const version = (report: DryRunReport) => [
    'grants',
    `version ${report.version}`,
  ];
  return table(
    [
      [
        'goal',
        'tier',
        'unit',
        ...version(draft),
        ...(running ? [...version(running), 'difference'] : []),
      ],
      ...rows,
    ],
    [3, 4, 5, 6, 7],
  );
}

function linesOf({ goals: all }: DryRunReport, name: string): GoalLine[] {
  return all
    .filter(({ goal }) => goal === name)
    .flatMap(({ goal, tiers, takenBack }) => [
      ...tiers.map(({ tier, unit, grants, granted }): GoalLine => ({
        names: [goal, tier, unit],
        grants,
        granted,
      })),
      ...takenBack.map(({ unit, times, amount }): GoalLine => ({
        names: [goal, '(taken back)', unit],
        grants: times,
        granted: -amount,
      })),
    ]);
}

function spread({ unit, spread: { merchants, histogram } }: UnitReport) {
  if (merchants === 0) return '';
  const most = Math.max(...histogram.map((bucket) => bucket.merchants));
  const rows = histogram.map((bucket) => [
    `  ${amountText(bucket.from)}`,
    `to ${amountText(bucket.to)}`,
    amountText(BigInt(bucket.merchants)),
    '█'.repeat(Math.ceil((bucket.merchants / most) * BAR_WIDTH)),
  ]);
  return `${unit} as ${countText(merchants, 'merchant')} keep it\n${table(rows, [0, 2])}`;
}

function top({ unit, top: merchants }: UnitReport): string {
  if (merchants.length === 0) return '';
  const rows = merchants.map(({ merchantId, amount }) => [
    `  ${merchantId}`,
    amountText(amount),
  ]);
  return `${unit}: who keeps the most\n${table(rows, [1])}`;
}

function changes({
  unit,
  merchants: { more, less, same },
  top: merchants,
}: DryRunDifferences['units'][number]): string {
  if (more + less + same === 0) return '';
  const rows = merchants.map(({ merchantId, draft, running }) => [
    `  ${merchantId}`,
    amountText(draft),
    amountText(running),
    differenceText(draft - running),
  ]);
  const counts = [`${more} keep more`, `${less} less`, `${same} as much`];
  return `${unit}: ${counts.join(', ')}\n${table(rows, [1, 2, 3])}`;
}
