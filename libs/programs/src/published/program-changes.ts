import { parsePrograms } from '../file/program-file.js';
import { ProgramSet } from './program-set.js';

/** A program file: YAML, and what its mistakes are headed by. */
export interface ProgramText {
  fileName: string;
  text: string;
}

/**
 * A change of what programs there are. All shards take the same changes in the same order, each between two batches of its
 * own; which ones a batch was decided with is recorded with it.
 */
export type ProgramChange = PublishedOrWithdrawn | PausedOrResumed;

interface RecordedChange {
  /** From {@link FIRST_PROGRAM_CHANGE} on, without gaps. */
  sequence: bigint;
  program: string;
  madeBy: string;
  reason: string | null;
  /** The change of the api that asked for it; null where it came out of the granter's directory. */
  changeId: string | null;
  recordedAt: Date;
}

export interface PublishedOrWithdrawn extends RecordedChange {
  change: 'published' | 'withdrawn';
  version: number;
  /** See `programHash`. */
  programHash: string;
  /** YAML, as it was published. */
  text: string;
}

export interface PausedOrResumed extends RecordedChange {
  change: 'paused' | 'resumed';
}

/** Their name among the sources that a head has consumed: by it, the sequence of the next change to take. */
export const PROGRAM_CHANGES = 'programs';

/** The sequence of the first change there ever was. */
export const FIRST_PROGRAM_CHANGE = 1n;

/** What programs there are after some changes. */
export interface ProgramsInForce {
  /** In the order in which they were published. */
  versions: readonly PublishedOrWithdrawn[];
  /** By program: what paused it. */
  paused: ReadonlyMap<string, PausedOrResumed>;
}

/** @param changes from the first on, in their order */
export function programsAfter(
  changes: readonly ProgramChange[],
): ProgramsInForce {
  const versions = new Map<string, PublishedOrWithdrawn>();
  const paused = new Map<string, PausedOrResumed>();
  for (const change of changes)
    switch (change.change) {
      case 'published':
        versions.set(versionKey(change), change);
        break;
      case 'withdrawn':
        versions.delete(versionKey(change));
        break;
      case 'paused':
        paused.set(change.program, change);
        break;
      case 'resumed':
        paused.delete(change.program);
    }
  return { versions: [...versions.values()], paused };
}

/** @throws ProgramFileError where this release does not understand what another has published */
export function programSetOf({
  versions,
  paused,
}: ProgramsInForce): ProgramSet {
  return new ProgramSet(
    parsePrograms(versions.map(asFile)),
    new Set(paused.keys()),
  );
}

/** A published version as a file among others. */
export function asFile({
  program,
  version,
  text,
}: PublishedOrWithdrawn): ProgramText {
  return { fileName: `${program} version ${version}, as published`, text };
}

export function versionKey({
  program,
  version,
}: {
  program: string;
  version: number;
}): string {
  return `${program}@${version}`;
}
