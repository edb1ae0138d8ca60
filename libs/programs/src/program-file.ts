import { isCash } from '@app/ledger';
import {
  ProgramDocument,
  ProgramFileError,
  type FileMistake,
} from './program-document.js';
import { disagreements } from './program-disagreements.js';
import { programSchema, type ProgramFields } from './program-schema.js';
import type { Program } from './program.js';
import type { z } from 'zod';

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
 * Reads a set of programs, in the order of the files.
 *
 * @throws ProgramFileError with all mistakes of all files; two files with the same program are one
 */
export function parsePrograms(
  files: readonly { fileName: string; text: string }[],
): Program[] {
  const mistakes: FileMistake[] = [];
  const programs = new Map<string, { program: Program; fileName: string }>();
  for (const { fileName, text } of files) {
    try {
      const document = new ProgramDocument(text, fileName);
      const program = readProgram(document);
      const other = programs.get(program.program);
      if (other)
        mistakes.push(
          document.mistake(
            ['program'],
            `expected another name: ${other.fileName} has "${program.program}"`,
          ),
        );
      else programs.set(program.program, { program, fileName });
    } catch (error) {
      if (!(error instanceof ProgramFileError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw new ProgramFileError(mistakes);
  return Array.from(programs.values(), ({ program }) => program);
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

function toProgram(file: ProgramFields, definition: unknown): Program {
  const { window, pools, goals, ...head } = file;
  return {
    ...head,
    window: window
      ? { fromMs: Date.parse(window.from), untilMs: Date.parse(window.until) }
      : null,
    pools: Object.fromEntries(
      Object.entries(pools).map(([unit, amount]) => [unit, BigInt(amount)]),
    ),
    goals: goals.map((goal) => ({
      ...goal,
      tiers: goal.tiers.map(({ tier, at, rewards }) => ({
        tier,
        at: BigInt(at),
        rewards: rewards.map((reward) => ({
          unit: reward.unit,
          amount: BigInt(reward.amount),
          expiresAfterDays: isCash(reward.unit)
            ? null
            : reward.expiresAfterDays!,
        })),
      })),
    })),
    definition,
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
