import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Something that whoever runs a command can put right: shown as its message alone, without a stack. */
export class UserError extends Error {
  /** Exit status of the command. */
  readonly status: number = 1;
}

/** The arguments are wrong. */
export class UsageError extends UserError {
  override readonly status = 2;
}

export interface Command<Declared extends Options> {
  /** What `--help` prints. */
  usage: string;
  options: Declared;
  allowPositionals?: boolean;
}

/** Values by option, as `parseArgs` types them. */
export type Values<Declared extends Options> = ReturnType<
  typeof parseArgs<{ options: Declared }>
>['values'];

/**
 * Runs a command with its arguments and sets the exit status: 0, or what `main` answers, or 2 where the
 * arguments are wrong, or 1 where it fails.
 */
export async function runCommand<const Declared extends Options>(
  { usage, options, allowPositionals = false }: Command<Declared>,
  main: (
    values: Values<Declared>,
    positionals: string[],
  ) => Promise<number | void>,
  args: string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const { values, positionals } = parse();
    if (values.help) process.stdout.write(usage);
    else process.exitCode = (await main(values, positionals)) ?? 0;
  } catch (error) {
    const known = error instanceof UserError;
    process.exitCode = known ? error.status : 1;
    process.stderr.write(
      `${known ? error.message : ((error as Error).stack ?? String(error))}\n`,
    );
  }

  function parse() {
    try {
      return parseArgs({
        args,
        options: { ...options, help: { type: 'boolean', short: 'h' } },
        allowPositionals,
      }) as unknown as {
        values: Values<Declared> & { help?: boolean };
        positionals: string[];
      };
    } catch (error) {
      throw new UsageError(`${(error as Error).message}; --help says more.`);
    }
  }
}

/**
 * Reads a TCP port from an option's text.
 *
 * @throws UsageError naming the option
 */
export function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new UsageError(
      `--${option} is "${text}": expected a port from 1 to 65535.`,
    );
  return port;
}
