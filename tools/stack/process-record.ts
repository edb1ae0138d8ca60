import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const processRecord = z.object({
  pid: z.number().int().positive(),
  /** Text in the command line of that process and of no other: a pid alone may since be another's. */
  marker: z.string().min(1),
  /** The signal that makes the process stop in order. */
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

/** Enough to find a process again after the program that started it was killed. */
export type ProcessRecord = z.output<typeof processRecord>;

const POLL_INTERVAL_MS = 50;

export function writeProcessRecord(file: string, record: ProcessRecord): void {
  writeFileSync(file, JSON.stringify(record));
}

/** @returns null where there is no record, or only part of one */
export function readProcessRecord(file: string): ProcessRecord | null {
  try {
    return processRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the recorded process still runs; one that ended and whose pid another process has since does not. */
export function isRunning({ pid, marker }: ProcessRecord): boolean {
  return commandLineOf(pid).includes(marker);
}

/**
 * Stops a process that an earlier run left behind, and removes its record.
 *
 * @param withinMs it is killed where it takes longer to stop in order
 * @returns whether there was one
 */
export async function stopRecordedProcess(
  file: string,
  withinMs: number,
): Promise<boolean> {
  const record = readProcessRecord(file);
  const wasRunning = record !== null && isRunning(record);
  if (wasRunning) {
    signal(record.pid, record.stopSignal);
    const deadline = Date.now() + withinMs;
    while (isRunning(record)) {
      if (Date.now() > deadline) signal(record.pid, 'SIGKILL');
      await sleep(POLL_INTERVAL_MS);
    }
  }
  rmSync(file, { force: true });
  return wasRunning;
}

/** Whether a process has ended, and its parent has not taken note of that yet. */
export function isUnreaped(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return commandLineOf(pid) === '';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Empty where no such process runs, and for one that has ended but is not yet reaped. */
function commandLineOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
  } catch {
    return '';
  }
}
