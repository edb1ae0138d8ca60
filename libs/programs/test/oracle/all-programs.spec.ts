import type { ActivityEvent } from '@app/contracts';
import { readOrdersFile } from '../../../../test/oracle/order-ladder.js';
import { prepareOrdersFile } from '../../../../test/support/orders-file.js';
import { calendar } from '../../src/time/calendar.js';
import type { CapPeriod, Program } from '../../src/program.js';
import { timeMs } from '../activity.js';
import { GranterInMemory } from '../granter-in-memory.js';
import { activityAround } from '../orders-activity.js';
import { SHIPPED_FILES, shippedProgram } from '../programs.js';
import { netTotals, totalKey, walkedTotals, walks } from './index.js';

const PROGRAMS = SHIPPED_FILES.map(({ fileName }) =>
  shippedProgram(fileName.replace('.yaml', '')),
);
const WITHOUT_CAPS = PROGRAMS.map((program) => ({ ...program, caps: [] }));
const ALL_SETTLED_MS = timeMs('2027-06-01T00:00:00');
const PATIENCE = 240_000;
/** The oracle counts all that a merchant did anew after each event: of made ones nobody has done too much. */
const MOST_MADE_ORDERS = 30;

describe('the platform’s programs, over the orders of a file', () => {
  let events: ActivityEvent[];
  let granter: GranterInMemory;
  let capped: GranterInMemory;

  beforeAll(async () => {
    const file = await prepareOrdersFile();
    try {
      events = activityAround(
        readOrdersFile(file.path),
        file.isMade ? MOST_MADE_ORDERS : Infinity,
      );
    } finally {
      await file.remove();
    }
    granter = grantedBy(WITHOUT_CAPS);
    capped = grantedBy(PROGRAMS);
  }, PATIENCE);

  function grantedBy(programs: readonly Program[]): GranterInMemory {
    const all = new GranterInMemory(programs);
    for (const event of events) all.take([event], event.occurredAtMs);
    return all.at(ALL_SETTLED_MS);
  }

  it(
    'grant every merchant, without their caps, what the oracle says to the unit',
    { timeout: PATIENCE },
    async ({ annotate }) => {
      expect(granter.unpaid).toEqual([]);
      const expected = walkedTotals(WITHOUT_CAPS, events, {
        endMs: ALL_SETTLED_MS,
      });
      const granted = netTotals(WITHOUT_CAPS, granter, walks);
      expect(linesOnlyIn(granted, expected)).toEqual([]);
      expect(linesOnlyIn(expected, granted)).toEqual([]);
      const { grant, clawback } = countedByKind(granter);
      await annotate(
        `${events.length} events: ${grant} grants and ${clawback} clawbacks compared, in ${expected.size} sums`,
      );
      expect(grant).toBeGreaterThan(5_000);
      expect(clawback).toBeGreaterThan(50);
    },
  );

  it('pay something for every goal', () => {
    const goals = PROGRAMS.flatMap(({ program, goals }) =>
      goals.map(({ goal }) => `${program} ${goal}`),
    );
    const paid = new Set(
      granter.net().map(({ version, goal }) => `${version.program} ${goal}`),
    );
    expect([...paid].sort()).toEqual(goals.sort());
  });

  it('grant, under their caps, what the caps leave of it', () => {
    const promised = grantedByCap(granter);
    const granted = grantedByCap(capped);
    expect(granted.size).toBeGreaterThan(100);
    const limits = new Map(
      Array.from(promised, ([key, { amount, limit }]) => [
        key,
        { amount: amount < limit ? amount : limit, limit },
      ]),
    );
    expect(granted).toEqual(limits);
  });
});

function linesOnlyIn(
  one: ReadonlyMap<string, bigint>,
  other: ReadonlyMap<string, bigint>,
): string[] {
  return Array.from(one)
    .filter(([key, amount]) => other.get(key) !== amount)
    .map(([key, amount]) => `${key}: ${amount}`);
}

function countedByKind({ drafts }: GranterInMemory) {
  const ofKind = (wanted: string) =>
    drafts.filter(({ kind }) => kind === wanted).length;
  return { grant: ofKind('grant'), clawback: ofKind('clawback') };
}

/** By merchant, program, unit and period of a cap: what was granted, whatever was taken back, and the cap's amount. */
function grantedByCap({ drafts }: GranterInMemory) {
  const sums = new Map<string, { amount: bigint; limit: bigint }>();
  for (const { merchantId, occurredAtMs, cause, postings } of drafts) {
    if (cause.type !== 'goal_reached') continue;
    const { unit } = postings[0]!;
    const program = PROGRAMS.find((one) => one.program === cause.program)!;
    for (const cap of program.caps) {
      if (cap.unit !== unit) continue;
      const key = totalKey({
        merchantId: merchantId!,
        lineage: program.program,
        goal: '',
        period: periodName(program, cap.period, occurredAtMs),
        unit,
      });
      const granted = postings
        .filter(({ amount }) => amount > 0n)
        .reduce((sum, { amount }) => sum + amount, 0n);
      const amount = (sums.get(key)?.amount ?? 0n) + granted;
      sums.set(key, { amount, limit: cap.amount });
    }
  }
  return sums;
}

function periodName(program: Program, kind: CapPeriod, atMs: number): string {
  if (kind === 'lifetime') return kind;
  const days = calendar(program.timeZone);
  return days.periodOf(kind, days.localDay(atMs)).key;
}
