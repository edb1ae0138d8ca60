import type { Pool } from '@app/ledger/postgres';
import { ConfigurationError } from '@app/platform';
import {
  directoryChanges,
  ProgramFileError,
  VersionChangedError,
  type ProgramText,
} from '@app/programs';
import { recordProgramChanges } from '@app/programs/postgres';

const DIRECTORY = { madeBy: 'PROGRAMS_DIR', reason: null, changeId: null };

/**
 * Publishes what is new in the directory of programs, and withdraws what is there no longer. The last granter to start
 * decides for all.
 *
 * @throws ConfigurationError where a file is not what was published as its version, or contradicts another version
 */
export async function publishDirectory(
  pool: Pool,
  files: readonly ProgramText[],
): Promise<void> {
  try {
    await recordProgramChanges(pool, DIRECTORY, (changes, known) =>
      directoryChanges(files, changes, known),
    );
  } catch (error) {
    if (
      error instanceof ProgramFileError ||
      error instanceof VersionChangedError
    )
      throw new ConfigurationError(error.message);
    throw error;
  }
}
