import fc from 'fast-check';
import { UNITS } from '@app/contracts';
import type { Eligibility } from '../src/eligibility.js';
import {
  CAP_PERIODS,
  TAKE_BACKS,
  type Cap,
  type Goal,
  type Program,
  type Span,
  type TakeBackRule,
} from '../src/program.js';
import { anyGoal } from './any-goals.js';
import { anyTimeMs, LAST_MS } from './any-time.js';

const DAY_MS = 24 * 3_600_000;

/** When every goal of {@link anyPrograms} that settles has done so, and long after all activity. */
export const ALL_SETTLED_MS = LAST_MS + 60 * DAY_MS;

/** Of an odd size, so that shares of it are rounded; it lasts for all that can be earned. */
const POOL = 4_000_000_000_000_000_007n;
const POOLS = { LIVE_IMP: POOL, VIDEO_IMP: POOL, ANY_IMP: POOL, CNY: POOL };

const anyTakeBack: fc.Arbitrary<TakeBackRule> = fc
  .record({
    rules: fc.oneof(
      fc.constant({ refunds: 'difference', flags: 'difference' } as const),
      fc.record({
        refunds: fc.constantFrom(...TAKE_BACKS),
        flags: fc.constantFrom(...TAKE_BACKS),
      }),
    ),
    flaggedFrom: fc.constantFrom('flag', 'start'),
  })
  .map(({ rules, flaggedFrom }) => ({ ...rules, flaggedFrom }));

/** Who is eligible: everybody; or by what was registered, which stays; or by what changes. */
export const ELIGIBILITIES: readonly (Eligibility | null)[] = [
  null,
  null,
  null,
  null,
  {
    expression: 'merchant.category == "food"',
    holds: ({ category }) => category === 'food',
  },
  {
    expression: 'merchant.followers >= 100',
    holds: ({ followers }) => followers >= 100n,
  },
  {
    expression: 'merchant.isRegistered && merchant.daysSinceRegistration < 14',
    holds: ({ registeredAtMs }, atMs) =>
      registeredAtMs !== null && atMs - registeredAtMs < 14 * DAY_MS,
  },
];

/** No window; a window; or one with stages, which may leave some of it between them. */
const anyFrame: fc.Arbitrary<Pick<Program, 'window' | 'stages'>> = fc
  .uniqueArray(anyTimeMs, { minLength: 6, maxLength: 6 })
  .map((times) => times.toSorted((a, b) => a - b))
  .chain((times) => {
    const span = (from: number, until: number): Span => ({
      fromMs: times[from]!,
      untilMs: times[until]!,
    });
    return fc.constantFrom(
      { window: null, stages: [] },
      { window: span(0, 5), stages: [] },
      {
        window: span(0, 5),
        stages: [
          { stage: 'warm-up', ...span(0, 2) },
          { stage: 'peak', ...span(2, 3) },
          { stage: 'return', ...span(4, 5) },
        ],
      },
    );
  });

/** One program of one version, of every kind that there is; no caps, and pools that last. */
export const anyProgram: fc.Arbitrary<Program> = versionOf('any', {});

/** A program and perhaps a second version of it, from some time on: the same goals go on, or others start anew. */
export const anyVersions: fc.Arbitrary<Program[]> = versionsOf('any');

/** Two programs of one or two versions. */
export const anyPrograms: fc.Arbitrary<Program[]> = fc
  .tuple(versionsOf('any'), versionsOf('other'))
  .map((versions) => versions.flat());

/** The same under caps, with pools that run dry and with a grace: more than the oracle covers. */
export const anyTightPrograms: fc.Arbitrary<Program[]> = fc
  .record({
    programs: anyPrograms,
    caps: fc.uniqueArray(anyCap(), {
      maxLength: 3,
      selector: ({ unit, period }) => `${unit} ${period}`,
    }),
    pool: fc.bigInt({ min: 1n, max: 500n }),
    graceMs: fc.constantFrom(null, 0, DAY_MS),
  })
  .map(({ programs, caps, pool, graceMs }) =>
    programs.map((program) => {
      const pools = {
        LIVE_IMP: pool,
        VIDEO_IMP: pool,
        ANY_IMP: pool,
        CNY: pool,
      };
      // Nothing settles before all that is not late is in.
      const goals = program.goals.map((goal) => ({
        ...goal,
        settlesAfterMs:
          goal.settlesAfterMs === null
            ? null
            : Math.max(goal.settlesAfterMs, graceMs ?? 0),
      }));
      return defined({ ...program, goals, caps, pools, graceMs });
    }),
  );

function anyCap(): fc.Arbitrary<Cap> {
  return fc.record({
    unit: fc.constantFrom(...UNITS),
    amount: fc.bigInt({ min: 1n, max: 30n }),
    period: fc.constantFrom(...CAP_PERIODS),
  });
}

function versionsOf(program: string): fc.Arbitrary<Program[]> {
  const first = versionOf(program, {});
  const anew = versionOf(program, { version: 2, progress: 'starts_anew' });
  return fc.oneof(
    first.map((only) => [only]),
    fc
      .tuple(first, anew, anyTimeMs)
      .map(([before, after, atMs]) => [before, startedAt(after, atMs, before)]),
    fc.tuple(first, anyTimeMs).map(([before, atMs]) => {
      const progress = 'carries_over' as const;
      const after = { ...before, version: 2, progress };
      return [before, startedAt(after, atMs, before)];
    }),
  );
}

/** The version as it starts at this time or, where that is too early, a day after the one before it. */
function startedAt(version: Program, atMs: number, before: Program): Program {
  const earliestMs = (before.startsAtMs ?? -Infinity) + DAY_MS;
  return defined({ ...version, startsAtMs: Math.max(atMs, earliestMs) });
}

function versionOf(
  program: string,
  { version = 1, progress = 'carries_over' }: Partial<Program>,
): fc.Arbitrary<Program> {
  return anyFrame.chain((frame) =>
    fc
      .record({
        timeZone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin'),
        startsAtMs: fc.oneof(
          { weight: 4, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: anyTimeMs },
        ),
        eligible: fc.constantFrom(...ELIGIBILITIES),
        takeBack: anyTakeBack,
        goals: fc.oneof(
          goalsOf(['one'], frame),
          goalsOf(['one', 'two'], frame),
          goalsOf(['one', 'two', 'three'], frame),
        ),
      })
      .map((parts) =>
        defined({
          program,
          version,
          progress,
          title: { zh: '任意', en: 'Any' },
          ...frame,
          ...parts,
          graceMs: null,
          pools: POOLS,
          caps: [],
          definition: null,
        }),
      ),
  );
}

function goalsOf(
  names: readonly string[],
  frame: Pick<Program, 'window' | 'stages'>,
): fc.Arbitrary<Goal[]> {
  return fc.tuple(...names.map((name) => anyGoal(name, frame)));
}

/** With all that it says as its definition, so that versions that differ have other hashes. */
function defined(program: Program): Program {
  const { eligible, definition: _, ...rest } = program;
  const says = JSON.stringify(
    { ...rest, eligible: eligible?.expression },
    (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
  );
  return { ...program, definition: JSON.parse(says) };
}
