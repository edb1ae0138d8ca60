import { isDeepStrictEqual } from 'node:util';
import {
  beginExport,
  ExportError,
  readManifest,
  resumeExport,
  type ExportRequest,
  type ExportTools,
  type Manifest,
} from '@app/exports/postgres';
import { createPool, ROLES } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import { timeZone } from '@app/programs/time-zone';
import { UserError } from '../support/cli.js';
import { ProgressLine } from '../support/progress-line.js';

const NUMBER = new Intl.NumberFormat('en-US');
/** One reads the next page while the other reads what accounts had before. */
const CONNECTIONS = 2;

export interface ExportOptions {
  /** Null to take what the interrupted export was begun with. */
  request: ExportRequest | null;
  resume: boolean;
}

/**
 * Exports entries to a file and prints what it holds.
 *
 * @throws UserError where the file cannot be written to its end
 */
export async function exportLedger(
  databaseUrl: string,
  path: string,
  { request, resume }: ExportOptions,
): Promise<void> {
  if (resume && request) await assertBegunWith(path, request);
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-export',
    maxConnections: CONNECTIONS,
    role: ROLES.auditor,
  });
  const line = new ProgressLine(process.stderr);
  const tools: ExportTools = {
    zoneOf: timeZone,
    onProgress: (done, total) =>
      line.show('exported', Number(done), Number(total)),
  };
  try {
    const manifest = resume
      ? await resumeExport(pool, path, tools)
      : await beginExport(pool, path, request!, tools);
    line.done();
    process.stdout.write(told(path, manifest));
    process.stderr.write(warnings(manifest));
  } catch (error) {
    line.done();
    if (error instanceof ExportError) throw new UserError(error.message);
    throw new UserError(await sayWhyStopped(path, error));
  } finally {
    await pool.end();
  }
}

async function assertBegunWith(
  path: string,
  request: ExportRequest,
): Promise<void> {
  const manifest = await readManifest(path);
  if (!manifest) return;
  const differs = (Object.keys(request) as (keyof ExportRequest)[]).some(
    (field) => !isDeepStrictEqual(manifest[field], request[field]),
  );
  if (differs)
    throw new UserError(
      `The export at ${path} was begun with other options: leave them out, or export to another file.`,
    );
}

async function sayWhyStopped(path: string, error: unknown): Promise<string> {
  const why = describeError(error);
  // Of the file system: those of the database have no such field.
  if ((error as NodeJS.ErrnoException).syscall && 'path' in (error as object))
    return `The file cannot be written (${why}).`;
  const begun = await readManifest(path).catch(() => null);
  return begun?.progress
    ? `The export stopped (${why}): go on with --out ${path} --resume.`
    : `The ledger cannot be exported (${why}): run npm start first, or set DATABASE_URL.`;
}

function told(path: string, manifest: Manifest): string {
  const { entries, postings, bytes, sha256 } = manifest;
  return [
    `exported ${count(entries, 'entry', 'entries')} with ${count(postings, 'posting', 'postings')} to ${path}`,
    `${count(bytes, 'byte', 'bytes')}, SHA-256 ${sha256}`,
    '',
  ].join('\n');
}

function warnings({
  entries,
  selection,
  formulaFields,
  escapeFormulas,
}: Manifest): string {
  const said: string[] = [];
  if (entries === 0) {
    const { merchant, program } = selection;
    const of = [
      ...(merchant === null ? [] : [`of merchant "${merchant}"`]),
      ...(program === null ? [] : [`of program "${program}"`]),
    ].join(' ');
    said.push(
      `The file holds no entry: none ${of ? `${of} ` : ''}was ${selection.by} in the period.`,
    );
  }
  if (formulaFields > 0)
    said.push(
      escapeFormulas
        ? `${count(formulaFields, 'field', 'fields')} would be formulas in a spreadsheet: they have ' ahead of them.`
        : `${count(formulaFields, 'field', 'fields')} would be formulas in a spreadsheet: import them as text, or use --escape-formulas.`,
    );
  return said.map((line) => `${line}\n`).join('');
}

function count(number: number, one: string, more: string): string {
  return `${NUMBER.format(number)} ${number === 1 ? one : more}`;
}
