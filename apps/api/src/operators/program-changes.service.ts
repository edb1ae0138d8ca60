import { HttpException, HttpStatus } from '@nestjs/common';
import type { Pool } from '@app/ledger/postgres';
import {
  ProgramFileError,
  programsAfter,
  publicationOf,
  type ProgramChange,
  type PublishedOrWithdrawn,
} from '@app/programs';
import {
  recordProgramChanges,
  type ChangeMaker,
  type NewProgramChange,
} from '@app/programs/postgres';
import { ProblemException } from '@app/platform';
import { explainFailure } from '../read-model/explain-failure.js';
import { mistakesIn, type ProgramFile } from './program-files.js';

/** Records what operators do to programs: granters follow the record. */
export class ProgramChangesService {
  /** @param pool acts as the api's role */
  constructor(
    private readonly pool: Pool,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Publishes a file; the same again changes nothing.
   *
   * @returns the change that published it
   * @throws ProblemException 400 with every mistake of the file
   */
  async publish(
    file: ProgramFile,
    by: ChangeMaker,
  ): Promise<PublishedOrWithdrawn> {
    let published: { program: string; version: number } | undefined;
    const changes = await this.#record(by, (known, issued) => {
      const draft = publicationOf(file, known, issued, this.nowMs());
      published = draft.version;
      return draft.change ? [draft.change] : [];
    });
    return changes.findLast(
      (one): one is PublishedOrWithdrawn =>
        one.change === 'published' &&
        one.program === published!.program &&
        one.version === published!.version,
    )!;
  }

  /**
   * Pauses a program, or lets it go on; where it does already, that changes nothing.
   *
   * @throws ProblemException 404 where no version of it is in force
   */
  turn(
    change: 'paused' | 'resumed',
    program: string,
    by: ChangeMaker,
  ): Promise<ProgramChange[]> {
    return this.#record(by, (known) => {
      const { versions, paused } = programsAfter(known);
      if (!versions.some((held) => held.program === program))
        throw noSuchProgram(program);
      const isDone = paused.has(program) === (change === 'paused');
      return isDone ? [] : [{ change, program }];
    });
  }

  async #record(
    by: ChangeMaker,
    decide: (
      ...known: Parameters<Parameters<typeof recordProgramChanges>[2]>
    ) => readonly NewProgramChange[],
  ): Promise<ProgramChange[]> {
    try {
      return await recordProgramChanges(this.pool, by, decide);
    } catch (error) {
      if (error instanceof ProgramFileError)
        throw mistakesIn('text', error.mistakes);
      if (error instanceof HttpException) throw error;
      throw explainFailure(error, (error as { code?: string }).code);
    }
  }
}

export function noSuchProgram(program: string): ProblemException {
  return new ProblemException({
    kind: 'not-found',
    status: HttpStatus.NOT_FOUND,
    detail: `No program ${program} was published.`,
  });
}
