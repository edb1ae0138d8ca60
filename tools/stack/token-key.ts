import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type JWK,
} from 'jose';
import {
  EMBEDDED_ISSUER,
  EMBEDDED_KEY_PREFIX,
  type Issuer,
} from '@app/platform';
import type { TokenBearer } from './token-bearer.js';
import { writeWhole } from './write-whole.js';

const AUDIENCE = 'traffic-reward-ledger';
const ALGORITHM = 'EdDSA';
const KEY_FILE = 'key.json';

/**
 * The issuer that a directory makes: its key, made where there is none and readable by its owner alone, signs tokens
 * for trying things out; beside it is what verifies them. Production takes none of them.
 */
export async function ensureTokenIssuer(
  directory: string,
): Promise<Pick<Issuer, 'issuer' | 'audience' | 'jwks' | 'algorithms'>> {
  const keyFile = join(directory, KEY_FILE);
  const jwks = join(directory, 'jwks.json');
  await mkdir(directory, { recursive: true });
  if (!existsSync(keyFile))
    await writeWhole(keyFile, JSON.stringify(await makeKey()), 0o600);
  const { d: _secret, ...publicKey } = await readKey(directory);
  await writeWhole(jwks, JSON.stringify({ keys: [publicKey] }), 0o644);
  return {
    issuer: EMBEDDED_ISSUER,
    audience: AUDIENCE,
    jwks,
    algorithms: [ALGORITHM],
  };
}

/** A token signed with the key in a directory, see {@link ensureTokenIssuer}. */
export async function mintToken(
  directory: string,
  { role, merchantId, subject, lifetimeSeconds }: TokenBearer,
): Promise<string> {
  const key = await readKey(directory);
  const nowSeconds = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    roles: [role],
    ...(merchantId === undefined ? {} : { merchant_id: merchantId }),
  })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.kid!, typ: 'at+jwt' })
    .setIssuer(EMBEDDED_ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(subject ?? merchantId ?? role)
    .setJti(randomUUID())
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + lifetimeSeconds)
    .sign(await importJWK(key, ALGORITHM));
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, {
    extractable: true,
  });
  const key = await exportJWK(privateKey);
  const thumbprint = await calculateJwkThumbprint(key);
  return {
    ...key,
    kid: `${EMBEDDED_KEY_PREFIX}${thumbprint}`,
    alg: ALGORITHM,
    use: 'sig',
  };
}

async function readKey(directory: string): Promise<JWK> {
  return JSON.parse(await readFile(join(directory, KEY_FILE), 'utf8')) as JWK;
}
