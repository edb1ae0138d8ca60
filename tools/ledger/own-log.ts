import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/paths.js';

/** The log of the ledger that is asked about: `SEAL_DIR`, or what `npm start` keeps of its own; null where it has none. */
export function ownLog(): string | null {
  const { SEAL_DIR, DATABASE_URL } = process.env;
  const directory = SEAL_DIR || join(ROOT, '.data', 'seal');
  const isKnown = SEAL_DIR !== undefined || !DATABASE_URL;
  return isKnown && existsSync(directory) ? directory : null;
}
