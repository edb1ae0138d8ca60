import type { ParseArgsConfig } from 'node:util';
import { runCommand, UsageError, type Values } from '../support/cli.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** One thing to do with the ledger: `npm run ledger -- <name> [options]`; or with something else, by its own command. */
export interface Subcommand {
  name: string;
  /** What it does, in a line. */
  summary: string;
  /** @param args what follows the name */
  run: (args: string[]) => Promise<void>;
}

/**
 * Declares a subcommand. Whatever takes long to load, `main` imports itself: wrong arguments are told without it.
 *
 * @param declared.main answers the exit status, as {@link runCommand} has it
 */
export function subcommand<const Declared extends Options>(declared: {
  name: string;
  summary: string;
  usage: string;
  options: Declared;
  allowPositionals?: boolean;
  main: (
    values: Values<Declared>,
    positionals: string[],
  ) => Promise<number | void>;
}): Subcommand {
  const { name, summary, main, ...command } = declared;
  return {
    name,
    summary,
    run: (args) => runCommand(command, main, args),
  };
}

/** What subcommands have in common. */
export interface Family {
  /** `npm run <command> -- <name>`. */
  command: string;
  /** What they do something with. */
  object: string;
}

const OF_LEDGER: Family = { command: 'ledger', object: 'the ledger' };

/** Runs the subcommand that the first argument names, with the others. */
export async function runSubcommand(
  subcommands: readonly Subcommand[],
  family: Family = OF_LEDGER,
  args: string[] = process.argv.slice(2),
): Promise<void> {
  const [name, ...others] = args;
  const named = subcommands.find((known) => known.name === name);
  if (named) return named.run(others);
  await runCommand(
    {
      usage: usageOf(subcommands, family),
      options: {},
      allowPositionals: true,
    },
    () => {
      const names = subcommands.map((known) => `"${known.name}"`);
      throw new UsageError(
        `Say what to do with ${family.object}: ${names.join(', ')}; --help says more.`,
      );
    },
    args,
  );
}

function usageOf(
  subcommands: readonly Subcommand[],
  { command }: Family,
): string {
  const width = Math.max(...subcommands.map(({ name }) => name.length));
  return [
    `Usage: npm run ${command} -- <what> [options]`,
    '',
    ...subcommands.map(
      ({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`,
    ),
    '',
    `Each says more with --help: npm run ${command} -- ${subcommands[0]!.name} --help`,
    '',
  ].join('\n');
}

/** Where the ledger is: `DATABASE_URL`, or that of `npm start`. */
export function ledgerUrl(): string {
  return (
    process.env.DATABASE_URL || 'postgres://postgres@127.0.0.1:5433/ledger'
  );
}

/** What every subcommand's usage ends with. */
export const ENVIRONMENT_USAGE = `Environment:
  DATABASE_URL  default postgres://postgres@127.0.0.1:5433/ledger, as npm start has it
`;
