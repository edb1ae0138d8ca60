import {
  createPool,
  LEAST_DAYS_KEPT,
  ROLES,
  type Pool,
} from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import {
  asFile,
  FIRST_PROGRAM_CHANGE,
  parsePrograms,
  programsAfter,
  ProgramSet,
  versionKey,
} from '@app/programs';
import {
  forgetActivity,
  leastKeptFromMs,
  planForgetting,
  readProgramChanges,
  type ForgetPlan,
} from '@app/programs/postgres';
import { table } from '../ledger/ask/output.js';
import { UsageError, UserError } from '../support/cli.js';
import { countText } from './count-text.js';
import {
  programsDirectory,
  readProgramFiles,
  type ProgramFile,
} from './program-files.js';

/**
 * Forgets activity, or tells what would be forgotten.
 *
 * @throws UserError where something still counts, or the ledger cannot be read or written
 */
export async function forget(
  databaseUrl: string,
  { beforeMs, isMeant }: { beforeMs: number; isMeant: boolean },
): Promise<void> {
  const nowMs = Date.now();
  if (beforeMs > leastKeptFromMs(nowMs))
    throw new UsageError(
      `Activity of the last ${LEAST_DAYS_KEPT} days is not forgotten: the latest date is ${dateText(leastKeptFromMs(nowMs))}.`,
    );
  const files = await readProgramFiles([programsDirectory()]);
  const pool = createPool(databaseUrl, {
    applicationName: 'programs-forget',
    maxConnections: 1,
    role: ROLES.granter,
  });
  const failed = (error: unknown): never => {
    throw new UserError(
      `The ledger cannot be read or written (${describeError(error)}): say it again later.`,
    );
  };
  try {
    const set = await followed(pool, files).catch(failed);
    const plan = await planForgetting(pool, set, beforeMs, nowMs).catch(failed);
    if (plan.stillCounting.length > 0) throw new UserError(stillCounted(plan));
    if (isMeant) await forgetActivity(pool, plan).catch(failed);
    process.stdout.write(told(plan, isMeant));
  } finally {
    await pool.end();
  }
}

/** The programs that granters follow, and what they will publish when they next start. */
async function followed(
  pool: Pool,
  files: readonly ProgramFile[],
): Promise<ProgramSet> {
  const changes = await readProgramChanges(pool, FIRST_PROGRAM_CHANGE);
  const { versions } = programsAfter(changes);
  const held = new Set(versions.map(versionKey));
  const found = parsePrograms(files);
  const added = files.filter((_, i) => !held.has(versionKey(found[i]!)));
  return new ProgramSet(parsePrograms([...versions.map(asFile), ...added]));
}

function stillCounted({ keptFromMs, stillCounting }: ForgetPlan): string {
  return [
    `Nothing is forgotten: what happened before ${dateText(keptFromMs)} may still count in`,
    ...stillCounting.map(
      ({ program, goal, closesAtMs }) =>
        `  ${program}, ${goal}: ${closesAtMs === Infinity ? 'for ever' : `until ${new Date(closesAtMs).toISOString()}`}`,
    ),
    'A period is closed graceHours after it has ended, at once where none are named, or when it has settled; a lifetime ends with the window, or never.',
  ].join('\n');
}

function told({ quarters, keptFromMs }: ForgetPlan, isMeant: boolean): string {
  if (quarters.length === 0)
    return 'no quarter was over by then: there is nothing to forget\n';
  const bytes = quarters.reduce((sum, quarter) => sum + quarter.bytes, 0n);
  return [
    table(
      quarters.map((quarter) => [quarter.name, megabytes(quarter.bytes)]),
      [1],
    ),
    `${countText(quarters.length, 'quarter')}, ${megabytes(bytes)}: `,
    isMeant
      ? `forgotten; all is kept from ${dateText(keptFromMs)} on\n`
      : 'would be forgotten; say --yes to forget them\n',
  ].join('');
}

function megabytes(bytes: bigint): string {
  return `${(Number(bytes) / 1e6).toFixed(1)} MB`;
}

/** The day of UTC. */
function dateText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
