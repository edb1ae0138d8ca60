import { jsonInteger } from '@app/ledger';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import {
  FIRST_PROGRAM_CHANGE,
  programHash,
  type DryRunResult,
  type Program,
} from '@app/programs';
import { dryRunOverActivity, readProgramChanges } from '@app/programs/postgres';
import { write } from '../ledger/ask/output.js';
import { UserError } from '../support/cli.js';
import { ProgressLine } from '../support/progress-line.js';
import { dryRunText, spanText } from './dry-run-text.js';
import {
  publishedVersion,
  runningVersion,
  type ReadProgram,
} from './running-version.js';

export interface DryRunRequest {
  draft: ReadProgram;
  /** The file or the directory of what to put beside it; null for what runs. */
  against: string | null;
  span: { fromMs: number; untilMs: number };
  top: number;
  asJson: boolean;
}

/**
 * Runs a draft over recorded activity and prints what it would have granted.
 *
 * @throws UserError where the ledger cannot be read
 */
export async function dryRun(
  databaseUrl: string,
  request: DryRunRequest,
): Promise<void> {
  const { draft, span, top, asJson } = request;
  const zone = draft.program.timeZone;
  const pool = createPool(databaseUrl, {
    applicationName: 'programs-dry-run',
    maxConnections: 1,
    role: ROLES.granter,
  });
  // Beside what is printed as the result, which may go into a file.
  const line = new ProgressLine(process.stderr);
  try {
    const beside = await besideDraft(pool, request);
    const result = await dryRunOverActivity(pool, {
      draft: draft.program,
      running: beside.running,
      span,
      top,
      onProgress: (done, total) => line.show('events', done, total),
    }).catch(refuseUnreadable);
    line.done();
    process.stderr.write(notes(draft, beside, result));
    await write(
      asJson ? inJson(request, result) : dryRunText(result, { span, zone }),
    );
  } finally {
    await pool.end();
  }
}

function refuseUnreadable(error: unknown): never {
  throw new UserError(
    `The ledger cannot be read (${describeError(error)}): run npm start first, or set DATABASE_URL.`,
  );
}

/** What is put beside a draft. */
interface Beside {
  running: Program | null;
  /** Why there is nothing, as a sentence. */
  why: string;
}

async function besideDraft(
  pool: Pool,
  { draft, against, span }: DryRunRequest,
): Promise<Beside> {
  const name = draft.program.program;
  if (against !== null)
    return {
      running: (await runningVersion(draft, against))?.program ?? null,
      why: `No other version of ${name} is in ${against}`,
    };
  const changes = await readProgramChanges(pool, FIRST_PROGRAM_CHANGE).catch(
    refuseUnreadable,
  );
  const atMs = Math.min(span.untilMs, Date.now());
  const running = publishedVersion(name, changes, atMs);
  const isDraft =
    running && programHash(running) === programHash(draft.program);
  return {
    running: isDraft ? null : running,
    why: isDraft
      ? `${name} runs as the draft has it`
      : `No version of ${name} is published and holds`,
  };
}

function notes(
  { program: draft }: ReadProgram,
  { running, why }: Beside,
  { activity: { firstMs, lastMs } }: DryRunResult,
): string {
  const notes: string[] = [];
  if (!running) notes.push(`${why}: the draft is alone.`);
  if (firstMs !== null && lastMs !== null)
    for (const program of running ? [draft, running] : [draft])
      if (isElsewhere(program, firstMs, lastMs))
        notes.push(
          `The window of version ${program.version}, ${spanText(program.window!, program.timeZone)}, holds none of the activity.`,
        );
  return notes.map((note) => `${note}\n`).join('');
}

function isElsewhere({ window }: Program, firstMs: number, lastMs: number) {
  return window && (window.untilMs <= firstMs || lastMs < window.fromMs);
}

function inJson({ span }: DryRunRequest, result: DryRunResult): string {
  const { activity, ...reports } = result;
  const { firstMs, lastMs, ...counts } = activity;
  return `${JSON.stringify(
    {
      from: time(span.fromMs),
      to: time(span.untilMs),
      activity: { ...counts, first: time(firstMs), last: time(lastMs) },
      ...reports,
    },
    (_, value: unknown) =>
      typeof value === 'bigint' ? jsonInteger(value) : value,
    2,
  )}\n`;
}

/** RFC 3339; null where it is open. */
function time(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs)
    ? null
    : new Date(atMs).toISOString();
}
