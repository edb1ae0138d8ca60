import type { Unit } from '@app/contracts';
import type { ContributedMetric } from '../count/contribution.js';
import type { MerchantFacts } from '../count/merchant-facts.js';
import { LONGEST_STREAM_MS } from '../count/subject.js';
import {
  CHANNEL_METRICS,
  DAY_METRICS,
  type CapPeriod,
  type Goal,
  type Metric,
  type PeriodKind,
  type Program,
  type Span,
} from '../program.js';
import { isIn, Periods, type Occurrence, type Period } from '../time/period.js';
import { poolKey } from '../decide/pool.js';
import { versionsInOrder } from './program-versions.js';

const ALWAYS: Span = { fromMs: -Infinity, untilMs: Infinity };

/** A version of a program among the others of a set. */
export interface HeldProgram {
  program: Program;
  /** Versions that carry progress over share one, so that they share its rows: the program, and the first version. */
  lineage: string;
  /** When this version is the one that holds. */
  holds: Span;
  periods: Periods;
  goals: readonly HeldGoal[];
  /** By unit: see {@link poolKey}. */
  poolKeys: Readonly<Record<Unit, string>>;
  /** Whether any rule of any version takes anything back, so that lots have to be remembered. */
  takesBack: boolean;
  /** Whether what comes now counts nowhere, as if it came too late, and nothing is paid; refunds and flags count. */
  isPaused: boolean;
}

/** A goal of one version. */
export interface HeldGoal {
  held: HeldProgram;
  goal: Goal;
  /** Names the goal in all versions of its lineage. */
  id: string;
  /** What its metric is made of. */
  counted: ContributedMetric;
  /** Where its contributions count: in the window, if there is one, and only while the version holds. */
  counts: Span;
  /** Whether what names a stream counts in it only while that runs. */
  countsOnAir: boolean;
  /** Its place among the goals of a set, from 0: all versions of its lineage that count over the same periods share it. */
  place: number;
  /** Whether nothing is late for it, as long as nothing is forgotten. */
  isAlwaysOpen: boolean;
  /** Milliseconds after a period's end from which it is closed to what would raise it, `Infinity` where nothing but forgetting closes it. */
  closesAfterMs: number;
}

/** The programs that the granter follows, in their order: read-only, and found by what they count. */
export class ProgramSet {
  readonly held: readonly HeldProgram[];
  /** The goals of all versions: see {@link HeldGoal.id}. */
  readonly goalIds: ReadonlySet<string>;
  readonly #byMetric = new Map<ContributedMetric, HeldGoal[]>();
  /** By lineage. */
  readonly #versions = new Map<string, HeldProgram[]>();
  /** By lineage and name, in all versions. */
  readonly #goals = new Map<string, Map<string, HeldGoal[]>>();
  /** By {@link HeldGoal.place}. */
  readonly #byPlace: HeldGoal[][] = [];
  /**
   * Goals that count what names a stream (see {@link HeldGoal.countsOnAir}), each in all of its versions, the earliest
   * first.
   */
  readonly goalsOnAir: readonly (readonly HeldGoal[])[];
  /** By lineage, the kinds of periods that the clock has anything to decide in. */
  readonly #settling = new Map<string, PeriodKind[]>();

  /**
   * @param programs all versions that hold at some time; of one program in any order
   * @param paused the names of those that are paused
   */
  constructor(
    programs: readonly Program[],
    readonly paused: ReadonlySet<string> = NONE_PAUSED,
  ) {
    const places = new Places();
    this.held = programs.map((program) =>
      hold(program, programs, { paused, places }),
    );
    this.goalIds = new Set(
      this.held.flatMap(({ goals }) => goals.map(({ id }) => id)),
    );
    for (const held of this.held) {
      listed(this.#versions, held.lineage).push(held);
      const named =
        this.#goals.get(held.lineage) ?? new Map<string, HeldGoal[]>();
      this.#goals.set(held.lineage, named);
      for (const goal of held.goals) {
        listed(this.#byMetric, goal.counted).push(goal);
        listed(named, goal.goal.goal).push(goal);
        (this.#byPlace[goal.place] ??= []).push(goal);
        if (goal.goal.settlesAfterMs !== null)
          listed(this.#settling, held.lineage).push(goal.goal.period);
      }
    }
    this.goalsOnAir = this.#byPlace
      .filter((versions) => versions.some(({ countsOnAir }) => countsOnAir))
      .map((versions) => versions.toSorted(byVersion));
  }

  get programs(): readonly Program[] {
    return this.held.map(({ program }) => program);
  }

  /** The goals that a contribution to a metric may move, in the order of the programs. */
  goalsOf(metric: ContributedMetric): readonly HeldGoal[] {
    return this.#byMetric.get(metric) ?? NO_GOALS;
  }

  /** Whether any version of a lineage has caps. */
  hasCaps(lineage: string): boolean {
    return this.#versionsOf(lineage).some(
      ({ program }) => program.caps.length > 0,
    );
  }

  /** Whether the clock may have anything to decide in a period of a lineage. */
  settles(lineage: string, period: string): boolean {
    return (this.#settling.get(lineage) ?? NO_KINDS).some((kind) =>
      isOfKind(period, kind),
    );
  }

  /** Whether the program of a lineage is paused. */
  isPaused(lineage: string): boolean {
    return this.paused.size > 0 && this.paused.has(lineage.split('@', 1)[0]!);
  }

  /** The version of a program that holds at an instant, milliseconds since the epoch; null where none does. */
  versionAt(name: string, atMs: number): Program | null {
    const held = this.held.find(
      ({ program, holds }) => program.program === name && isIn(holds, atMs),
    );
    return held?.program ?? null;
  }

  /**
   * A goal over a period, in the version that holds at an instant, or else in the latest that has it.
   *
   * @param atMs milliseconds since the epoch
   */
  goalAt(
    lineage: string,
    period: string,
    name: string,
    atMs: number,
  ): HeldGoal | undefined {
    let latest: HeldGoal | undefined;
    for (const goal of this.#goals.get(lineage)?.get(name) ?? NO_GOALS) {
      if (!isOfKind(period, goal.goal.period)) continue;
      if (isIn(goal.held.holds, atMs)) return goal;
      latest = goal;
    }
    return latest;
  }

  /**
   * A goal of this set in all versions that go on with each other's progress in it, itself among them: those of its
   * lineage that have it over periods of the same kind, in the order of the programs.
   */
  goalInAllVersions({ place }: HeldGoal): readonly HeldGoal[] {
    return this.#byPlace[place]!;
  }

  #versionsOf(lineage: string): readonly HeldProgram[] {
    return this.#versions.get(lineage) ?? [];
  }
}

function byVersion(one: HeldGoal, other: HeldGoal): number {
  return one.held.program.version - other.held.program.version;
}

function listed<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  let list = lists.get(key);
  if (!list) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

const NO_GOALS: readonly HeldGoal[] = [];
const NONE_PAUSED: ReadonlySet<string> = new Set();
const NO_KINDS: readonly PeriodKind[] = [];

/** A period's key begins with its kind, and no kind with another. */
function isOfKind(period: string, kind: PeriodKind): boolean {
  return period.startsWith(kind);
}

/** Numbers what has a name, from 0 in the order in which it was first named. */
class Places {
  readonly #places = new Map<string, number>();

  of(name: string): number {
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return place;
  }
}

function hold(
  program: Program,
  programs: readonly Program[],
  { paused, places }: { paused: ReadonlySet<string>; places: Places },
): HeldProgram {
  const versions = versionsInOrder(programs).get(program.program)!;
  const place = versions.indexOf(program);
  const next = versions[place + 1];
  const holds: Span = {
    fromMs: program.startsAtMs ?? -Infinity,
    untilMs: next?.startsAtMs ?? Infinity,
  };
  const lineage = lineageOf(versions, place);
  const held: HeldProgram = {
    program,
    lineage,
    holds,
    periods: new Periods(program, lineage),
    goals: [],
    poolKeys: {
      LIVE_IMP: poolKey(program.program, 'LIVE_IMP'),
      VIDEO_IMP: poolKey(program.program, 'VIDEO_IMP'),
      ANY_IMP: poolKey(program.program, 'ANY_IMP'),
      CNY: poolKey(program.program, 'CNY'),
    },
    takesBack: versions.some(
      ({ takeBack: { refunds, flags } }) =>
        refunds !== 'never' || flags !== 'never',
    ),
    isPaused: paused.has(program.program),
  };
  const closesAfterMs = (goal: Goal) =>
    Math.min(program.graceMs ?? Infinity, goal.settlesAfterMs ?? Infinity);
  const goals = program.goals.map((goal) => ({
    held,
    goal,
    id: `${lineage}/${goal.goal}`,
    counted: contributedMetric(goal.metric),
    counts: intersection(holds, countedSpan(program, goal)),
    countsOnAir:
      goal.period === 'session' && CHANNEL_METRICS.includes(goal.metric),
    place: places.of(`${lineage}/${goal.goal} ${goal.period}`),
    isAlwaysOpen: closesAfterMs(goal) === Infinity && !held.isPaused,
    closesAfterMs: closesAfterMs(goal),
  }));
  return Object.assign(held, { goals });
}

/** Over `lifetime` also what was before the window counts. */
function countedSpan({ window }: Program, { period }: Goal): Span {
  if (window === null) return ALWAYS;
  return period === 'lifetime'
    ? { ...ALWAYS, untilMs: window.untilMs }
    : window;
}

/**
 * A version that starts anew names its lineage by itself; all others share the program's own, so that a version that
 * took the place of another in the same file goes on with its progress.
 */
function lineageOf(versions: readonly Program[], place: number): string {
  const anew = versions
    .slice(0, place + 1)
    .findLast(({ progress }) => progress === 'starts_anew');
  const { program } = versions[place]!;
  return anew ? `${program}@${anew.version}` : program;
}

function contributedMetric(metric: Metric): ContributedMetric {
  return DAY_METRICS.includes(metric)
    ? 'liveSeconds'
    : (metric as ContributedMetric);
}

/** What both spans have; `fromMs` is not before `untilMs` where they have nothing. */
export function intersection(one: Span, other: Span): Span {
  return {
    fromMs: Math.max(one.fromMs, other.fromMs),
    untilMs: Math.min(one.untilMs, other.untilMs),
  };
}

/** Whether a program pays for what happens at an instant. */
export function isOpen({ window }: Program, atMs: number): boolean {
  return window === null || isIn(window, atMs);
}

/** Whether a merchant may be rewarded by a program at an instant: milliseconds since the epoch. */
export function isEligible(
  { eligible, takeBack }: Program,
  facts: MerchantFacts,
  atMs: number,
): boolean {
  if (takeBack.flags === 'all' && facts.flaggedAtMs !== null) return false;
  return eligible === null || eligible.holds(facts, atMs);
}

/** The period of a goal that something within it falls into; null where it falls into none. */
export function periodAt(
  { held, goal }: HeldGoal,
  occurrence: Occurrence,
): Period | null {
  return held.periods.at(goal.period, occurrence);
}

/** The period over which a cap counts what was granted at an instant. */
export function capPeriodAt(
  { periods }: HeldProgram,
  kind: CapPeriod,
  atMs: number,
): Period {
  return periods.at(kind, { atMs, sessionId: null })!;
}

/**
 * When a goal's period ends at the latest, by what happened in it: that of a session without a window with the longest
 * stream. Milliseconds since the epoch, `Infinity` where it does not end.
 */
export function endsAtMs(
  { goal }: HeldGoal,
  { endMs }: Period,
  atMs: number,
): number {
  return endMs === Infinity && goal.period === 'session'
    ? atMs + LONGEST_STREAM_MS
    : endMs;
}

/** When a goal settles a period: milliseconds since the epoch; null where it pays at once, or the period never ends. */
export function settlesAtMs({ goal }: HeldGoal, endMs: number): number | null {
  return goal.settlesAfterMs === null || endMs === Infinity
    ? null
    : endMs + goal.settlesAfterMs;
}

/** From when on a goal's period is closed to what would raise it, forgotten or not: milliseconds since the epoch, `Infinity` for never. */
export function closesAtMs({ closesAfterMs }: HeldGoal, endMs: number): number {
  return endMs + closesAfterMs;
}
