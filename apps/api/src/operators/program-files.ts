import { z } from 'zod';
import {
  parsePrograms,
  ProgramFileError,
  type FileMistake,
  type Program,
} from '@app/programs';
import { invalidRequest, type ProblemException } from '@app/platform';
import { KEPT_TEXT } from './reason.js';

const FILES_MAX = 20;

/** A program file, see docs/programs.md. */
export const programFile = z
  .strictObject({
    fileName: z
      .string()
      .min(1)
      .max(200)
      .describe('Stands at the head of each mistake.'),
    text: z
      .string()
      .regex(KEPT_TEXT, 'expected no NUL, and whole characters')
      .describe('YAML.'),
  })
  .meta({ id: 'ProgramFile' });
export type ProgramFile = z.output<typeof programFile>;

export const programFiles = z.array(programFile).min(1).max(FILES_MAX);

export const fileMistake = z
  .strictObject({
    fileName: z.string(),
    line: z.int(),
    column: z.int(),
    /** E.g. `goals[0].metric`. */
    field: z.string(),
    expected: z.string(),
  })
  .meta({ id: 'FileMistake' });

/** What is read, or every mistake. */
export function checkFiles(
  files: readonly ProgramFile[],
): { programs: Program[] } | { mistakes: readonly FileMistake[] } {
  try {
    return { programs: parsePrograms(files) };
  } catch (error) {
    if (error instanceof ProgramFileError) return { mistakes: error.mistakes };
    throw error;
  }
}

/**
 * @param field of the request that has the file
 * @throws ProblemException 400 with every mistake
 */
export function readFile(file: ProgramFile, field: string): Program {
  const read = checkFiles([file]);
  if ('programs' in read) return read.programs[0]!;
  throw mistakesIn(`${field}.text`, read.mistakes);
}

/** @param field of the request that has the text of the file */
export function mistakesIn(
  field: string,
  mistakes: readonly FileMistake[],
): ProblemException {
  return invalidRequest(
    mistakes.map((mistake) => ({
      field,
      message: `${mistake.fileName}:${mistake.line}:${mistake.column}: ${mistake.field}: ${mistake.expected}`,
    })),
  );
}
