import { parsePrograms, ProgramFileError, type Program } from '@app/programs';
import { table } from '../ledger/ask/output.js';
import { subcommand } from '../ledger/subcommand.js';
import { countText } from './count-text.js';
import {
  programsDirectory,
  readProgramFiles,
  type ProgramFile,
} from './program-files.js';

const USAGE = `Usage: npm run programs -- check [<file or directory> ...]

Reads program files as the granter does when it starts, all of a directory together, and says every mistake in them:
file:line:column: field: expected ... Without an argument it reads PROGRAMS_DIR.

Options:
  -h, --help  this help

The status is 0 where there is no mistake, and 2 where there is one.

Example:
  npm run programs -- check drafts/order-ladder.yaml

Environment:
  PROGRAMS_DIR  default programs
`;

export const checkCommand = subcommand({
  name: 'check',
  summary: 'says every mistake in program files',
  usage: USAGE,
  options: {},
  allowPositionals: true,
  main: async (_values, paths) => {
    const files = await readProgramFiles(
      paths.length > 0 ? paths : [programsDirectory()],
    );
    const { text, status } = checked(files);
    process.stdout.write(text);
    return status;
  },
});

function checked(files: readonly ProgramFile[]): {
  text: string;
  status: number;
} {
  try {
    const read = parsePrograms(files).map((program, i) => [
      files[i]!.fileName,
      `${program.program} version ${program.version}`,
      goalsOf(program),
    ]);
    return {
      text: `${table(read)}${countText(files.length, 'file')}, no mistake\n`,
      status: 0,
    };
  } catch (error) {
    if (!(error instanceof ProgramFileError)) throw error;
    const { message, mistakes } = error;
    const wrong = new Set(mistakes.map(({ fileName }) => fileName)).size;
    return {
      text: `${message}\n${countText(mistakes.length, 'mistake')} in ${wrong} of ${countText(files.length, 'file')}\n`,
      status: 2,
    };
  }
}

function goalsOf({ goals }: Program): string {
  return countText(goals.length, 'goal');
}
