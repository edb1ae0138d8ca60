import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  ConfigurationError,
  describeError,
  serviceConfiguration,
} from '@app/platform';
import {
  parseSignerKey,
  parseVerifierKey,
  verifierKeyOf,
  type LogIdentity,
  type Signer,
} from '@app/transparency';

const KEY_EXPECTED =
  'expected a signer key, PRIVATE+KEY+<origin>+<hash>+<base64>';

export const sealerConfiguration = serviceConfiguration
  // It reads the database alone.
  .omit({ KAFKA_BROKERS: true })
  .extend({
    /** The name of the log, and of the key that signs for it. */
    SEAL_ORIGIN: z.string().default('traffic-reward-ledger'),
    /** The directory of the log, and of the checkpoints that are kept beside it. */
    SEAL_DIR: z.string('expected the directory of the log'),
    /** The key itself; without it, the file is needed. */
    SEAL_KEY: z.string(KEY_EXPECTED).optional(),
    /** The file that the key is in. */
    SEAL_KEY_FILE: z.string().optional(),
  });

export type SealerConfiguration = z.output<typeof sealerConfiguration>;

/** What signs, and by what others know it. */
export interface SealKey {
  signer: Signer;
  identity: LogIdentity;
}

/** @throws ConfigurationError where there is no key, or it is not one of this log; never with the key */
export async function readSealKey(
  configuration: SealerConfiguration,
): Promise<SealKey> {
  const { SEAL_KEY, SEAL_KEY_FILE, SEAL_ORIGIN: origin } = configuration;
  const variable = SEAL_KEY === undefined ? 'SEAL_KEY_FILE' : 'SEAL_KEY';
  const key = SEAL_KEY ?? (await readKeyFile(SEAL_KEY_FILE));
  try {
    const signer = parseSignerKey(key);
    if (signer.name !== origin)
      throw new Error(`it is the key of ${signer.name}, and not of ${origin}`);
    const verifiers = [parseVerifierKey(verifierKeyOf(key))];
    return { signer, identity: { origin, verifiers } };
  } catch (error) {
    throw new ConfigurationError(
      `${variable} is wrong: ${describeError(error)}.`,
    );
  }
}

async function readKeyFile(path: string | undefined): Promise<string> {
  if (path === undefined)
    throw new ConfigurationError(
      'Neither SEAL_KEY nor SEAL_KEY_FILE is set: expected the key that signs the log.',
    );
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new ConfigurationError(
      `SEAL_KEY_FILE cannot be read: ${describeError(error)}.`,
    );
  }
}
