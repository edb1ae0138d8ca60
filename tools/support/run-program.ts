import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { UserError } from './cli.js';
import { ROOT } from './paths.js';

const TAIL_LINES = 30;

export interface RunOptions {
  /** Ends the program. */
  signal?: AbortSignal | undefined;
  /** Told every line of its output. */
  onLine?: (line: string) => void;
}

/**
 * Runs a program in the root of the checkout and waits for its end.
 *
 * @throws UserError with its last lines where it fails
 */
export async function runProgram(
  command: string,
  args: string[],
  { signal, onLine }: RunOptions = {},
): Promise<void> {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      if (tail.push(line) > TAIL_LINES) tail.shift();
      onLine?.(line);
    });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0)
    throw new UserError(
      [`${command} ${args.join(' ')} failed:`, ...tail].join('\n'),
    );
}

/** Runs a program in the root of the checkout with our own output; answers its exit status. */
export function runInForeground(
  command: string,
  args: string[],
): Promise<number> {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
}
