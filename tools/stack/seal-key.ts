import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKey, verifierKeyOf } from '@app/transparency';
import { writeWhole } from './write-whole.js';

/** The name of the log where nobody says another. */
export const SEAL_ORIGIN = 'traffic-reward-ledger';

/**
 * The file of the key that signs the log in a directory: made where there is none, readable by its owner alone. Beside
 * it is the public key, for everybody.
 *
 * @returns its path
 */
export async function ensureSealKey(
  directory: string,
  origin = SEAL_ORIGIN,
): Promise<string> {
  const path = join(directory, 'key');
  await mkdir(directory, { recursive: true });
  if (!existsSync(path))
    await writeWhole(path, generateKey(origin).signerKey, 0o600);
  const signerKey = (await readFile(path, 'utf8')).trim();
  await writeWhole(`${path}.pub`, verifierKeyOf(signerKey), 0o644);
  return path;
}
