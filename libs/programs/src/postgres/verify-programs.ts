import type { Finding } from '@app/ledger';
import type { Queryable } from '@app/ledger/postgres';
import { ProgramDocument, ProgramFileError } from '../file/program-document.js';
import { programHash } from '../program.js';
import type { KnownHash } from '../published/publication.js';
import { readIssuedHashes } from './program-changes.js';

/**
 * Finds versions of programs whose text is not what was published, or whose budget was issued for another one: the
 * entry of a budget has the hash of its program, under its own.
 */
export async function verifyPrograms(db: Queryable): Promise<Finding[]> {
  const { rows } = await db.query<KnownHash & { text: string }>(
    `SELECT program, version::float8 AS version, program_hash AS "programHash", text
     FROM program_version ORDER BY program, version`,
  );
  const issued = await readIssuedHashes(db, null);
  return rows.flatMap(({ program, version, programHash: hash, text }) => {
    const name = `version ${version} of ${program}`;
    const others = issued.filter(
      (one) =>
        one.program === program &&
        one.version === version &&
        one.programHash !== hash,
    );
    return [
      ...(hashOf(text) === hash
        ? []
        : [`${name} is kept with another text than that of its hash, ${hash}`]),
      ...others.map(
        (one) =>
          `${name} is kept with the hash ${hash}, but its budget was issued for ${one.programHash}`,
      ),
    ].map((problem) => ({ shard: null, entryId: null, problem }));
  });
}

/** @returns null where it is no YAML */
function hashOf(text: string): string | null {
  try {
    return programHash({ definition: new ProgramDocument(text, '').content });
  } catch (error) {
    if (error instanceof ProgramFileError) return null;
    throw error;
  }
}
