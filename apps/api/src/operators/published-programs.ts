import { Injectable } from '@nestjs/common';
import { readPublishedPrograms } from '@app/ledger/postgres';
import { FIRST_PROGRAM_CHANGE } from '@app/programs';
import {
  readProgramChanges,
  readProgramPositions,
} from '@app/programs/postgres';
import { OperatorReader } from '../read-model/moment-readers.js';
import { tellPrograms, type PublishedProgram } from './published-program.js';

/** The programs that were published. */
@Injectable()
export class PublishedPrograms {
  constructor(private readonly reader: OperatorReader) {}

  readAll(gone: AbortSignal): Promise<PublishedProgram[]> {
    return this.#read(null, gone);
  }

  /** @returns undefined where none of that name was published */
  async read(
    program: string,
    gone: AbortSignal,
  ): Promise<PublishedProgram | undefined> {
    const published = await this.#read(program, gone);
    return published.find((one) => one.program === program);
  }

  /** @param program the one whose budgets are read; those of all, where it is null */
  async #read(
    program: string | null,
    gone: AbortSignal,
  ): Promise<PublishedProgram[]> {
    const { shards } = this.reader;
    const known = await this.reader.read(
      async (db) => ({
        issued: await readPublishedPrograms(db, program),
        changes: await readProgramChanges(db, FIRST_PROGRAM_CHANGE),
        positions: await readProgramPositions(db, shards),
      }),
      gone,
    );
    return tellPrograms(known);
  }
}
