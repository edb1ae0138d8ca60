import { readFile, stat } from 'node:fs/promises';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type CryptoKey,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { isUrl } from './issuers.js';

/** A key that is not known is asked for again after that long, and no sooner, whoever presents it. */
const ASKED_AGAIN_AFTER_MS = 10_000;
const CACHED_FOR_MS = 300_000;
const FETCH_WITHIN_MS = 3_000;
const FILE_CHECKED_AGAIN_AFTER_MS = 1_000;

/** Finds the key that a header names. */
export type KeySet = (
  header?: JWSHeaderParameters,
  token?: FlattenedJWSInput,
) => Promise<CryptoKey>;

/**
 * The keys at a URL or in a file. They may be changed at any time: those of a URL are fetched again for a key that is
 * not among them, and after five minutes; a file is read again within a second of its change.
 */
export function keySetAt(jwks: string): KeySet {
  return isUrl(jwks)
    ? createRemoteJWKSet(new URL(jwks), {
        cooldownDuration: ASKED_AGAIN_AFTER_MS,
        cacheMaxAge: CACHED_FOR_MS,
        timeoutDuration: FETCH_WITHIN_MS,
      })
    : keySetInFile(jwks);
}

function keySetInFile(path: string): KeySet {
  let changed = '';
  let checkedAtMs = -Infinity;
  let keys: Promise<KeySet> | undefined;
  const current = async (): Promise<KeySet> => {
    const nowMs = performance.now();
    if (keys && nowMs - checkedAtMs < FILE_CHECKED_AGAIN_AFTER_MS) return keys;
    checkedAtMs = nowMs;
    const { mtimeMs, ino, size } = await stat(path);
    const version = `${mtimeMs} ${ino} ${size}`;
    if (!keys || version !== changed) {
      changed = version;
      keys = read(path);
      // Whatever was wrong with the file, it is read again for the next caller.
      keys.catch(() => (keys = undefined));
    }
    return keys;
  };
  return async (header, token) => (await current())(header, token);
}

async function read(path: string): Promise<KeySet> {
  return createLocalJWKSet(
    JSON.parse(await readFile(path, 'utf8')) as JSONWebKeySet,
  );
}
