import type { z } from 'zod';
import {
  ProgramDocument,
  ProgramFileError,
  type FileMistake,
} from './program-document.js';
import { disagreements } from './program-disagreements.js';
import { toProgram } from './program-from-fields.js';
import { programSchema } from './program-schema.js';
import {
  versionMistakes,
  type ReadFile,
} from '../published/program-versions.js';
import type { Program } from '../program.js';

/**
 * Reads a program from YAML.
 *
 * @param fileName stands at the head of each mistake
 * @throws ProgramFileError with all of the file's mistakes
 */
export function parseProgram(yamlText: string, fileName: string): Program {
  return readProgram(new ProgramDocument(yamlText, fileName));
}

/**
 * Reads a set of programs, in the order of the files. Several files may hold versions of one program.
 *
 * @throws ProgramFileError with all mistakes of all files, and of the versions of each program
 */
export function parsePrograms(
  files: readonly { fileName: string; text: string }[],
): Program[] {
  const mistakes: FileMistake[] = [];
  const read: ReadFile[] = [];
  for (const { fileName, text } of files) {
    try {
      const document = new ProgramDocument(text, fileName);
      read.push({ program: readProgram(document), document, fileName });
    } catch (error) {
      if (!(error instanceof ProgramFileError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  mistakes.push(...versionMistakes(read));
  if (mistakes.length > 0) throw new ProgramFileError(mistakes);
  return read.map(({ program }) => program);
}

function readProgram(document: ProgramDocument): Program {
  const { content } = document;
  const result = programSchema.safeParse(content);
  const found = [
    ...(result.error?.issues ?? []).flatMap(wrongFields),
    ...disagreements(content),
  ];
  if (!result.success || found.length > 0)
    throw new ProgramFileError(
      inReadingOrder(
        found.map(({ path, expected }) => document.mistake(path, expected)),
      ),
    );
  return deepFreeze(toProgram(result.data, content));
}

/** Unknown fields come as one issue of their parent: each is a mistake of its own. */
function wrongFields({ path, message, ...issue }: z.core.$ZodIssue) {
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: [...path, key], expected: message }))
    : [{ path, expected: message }];
}

/** From the top down; a field that fails two checks with the same words is said once. */
function inReadingOrder(mistakes: readonly FileMistake[]): FileMistake[] {
  return mistakes
    .filter(
      ({ field, expected }, i) =>
        mistakes.findIndex(
          (other) => other.field === field && other.expected === expected,
        ) === i,
    )
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
