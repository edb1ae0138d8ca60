import {
  createPrivateKey,
  createPublicKey,
  hash,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

/** Checks signatures of one key. */
export interface Verifier {
  /** The name of the key; for a log's own key, its origin. */
  name: string;
  /** The key id: tells keys of one name apart. */
  keyHash: number;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** Signs with one key. */
export interface Signer {
  name: string;
  keyHash: number;
  sign(text: Uint8Array): Buffer;
}

/** The signature type of Ed25519 (https://c2sp.org/signed-note, "Signature types"). */
const ED25519 = 0x01;
const KEY_BYTES = 32;

/** What stands before the seed in an Ed25519 private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A new key pair, each key in one line of text as Go's `golang.org/x/mod/sumdb/note` has them:
 * `<name>+<hash>+<base64>` and `PRIVATE+KEY+<name>+<hash>+<base64>`.
 *
 * @param seed 32 secret bytes; random unless given
 * @throws Error where the name cannot be one
 */
export function generateKey(
  name: string,
  seed: Uint8Array = randomBytes(KEY_BYTES),
): { signerKey: string; verifierKey: string } {
  assertKeyName(name);
  if (seed.length !== KEY_BYTES)
    throw new Error(`a seed of ${seed.length} bytes, and not of ${KEY_BYTES}`);
  const publicKey = encodePublicKey(privateKeyOf(seed));
  const id = formatKeyHash(keyHashOf(name, publicKey));
  const privateKey = Buffer.concat([Buffer.of(ED25519), seed]);
  return {
    signerKey: `PRIVATE+KEY+${name}+${id}+${privateKey.toString('base64')}`,
    verifierKey: `${name}+${id}+${publicKey.toString('base64')}`,
  };
}

/** @throws Error where it is not a verifier key for Ed25519, or its hash is another key's */
export function parseVerifierKey(verifierKey: string): Verifier {
  const what = 'verifier key';
  const { name, keyHash, key } = parseKey(what, verifierKey);
  assertKeyHash(what, name, keyHash, key);
  const x = key.subarray(1).toString('base64url');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return {
    name,
    keyHash,
    verify: (text, signature) => verify(null, text, publicKey, signature),
  };
}

/** @throws Error where it is not a signer key for Ed25519, or its hash is another key's; never with the key */
export function parseSignerKey(signerKey: string): Signer {
  const what = 'signer key';
  const prefix = 'PRIVATE+KEY+';
  if (!signerKey.startsWith(prefix))
    throw new Error(`the ${what} does not begin with ${prefix}`);
  const { name, keyHash, key } = parseKey(what, signerKey.slice(prefix.length));
  const privateKey = privateKeyOf(key.subarray(1));
  assertKeyHash(what, name, keyHash, encodePublicKey(privateKey));
  return { name, keyHash, sign: (text) => sign(null, text, privateKey) };
}

/**
 * The verifier key that belongs to a signer key: what may be given to everybody.
 *
 * @throws Error as {@link parseSignerKey} does
 */
export function verifierKeyOf(signerKey: string): string {
  const { name } = parseSignerKey(signerKey);
  const key = decodeBase64(signerKey.split('+').slice(4).join('+'))!;
  return generateKey(name, key.subarray(1)).verifierKey;
}

/** A key id in eight hexadecimal digits. */
export function formatKeyHash(keyHash: number): string {
  return keyHash.toString(16).padStart(8, '0');
}

/** @throws Error where a name is empty or has spaces or plus signs (https://c2sp.org/signed-note, "Format") */
export function assertKeyName(name: string): void {
  if (!isKeyName(name))
    throw new Error(`not the name of a key: ${JSON.stringify(name)}`);
}

export function isKeyName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- a note can hold no control characters
  return name.isWellFormed() && /^[^\p{White_Space}+\0-\x1f]+$/u.test(name);
}

/** @returns undefined where the text is not base64 (RFC 4648, section 4) in its only right form */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function parseKey(what: string, text: string) {
  const [name = '', id = '', ...rest] = text.split('+');
  // Base64 has plus signs of its own.
  const key = decodeBase64(rest.join('+'));
  if (!isKeyName(name) || !/^[0-9a-fA-F]{8}$/.test(id) || !key?.length)
    throw new Error(`the ${what} is not <name>+<hash>+<base64>`);
  if (key[0] !== ED25519)
    throw new Error(`the ${what} of ${name} is not for Ed25519`);
  if (key.length !== 1 + KEY_BYTES)
    throw new Error(`the ${what} of ${name} is not of ${KEY_BYTES} bytes`);
  return { name, keyHash: parseInt(id, 16), key };
}

function assertKeyHash(
  what: string,
  name: string,
  keyHash: number,
  publicKey: Buffer,
): void {
  const right = keyHashOf(name, publicKey);
  if (keyHash !== right)
    throw new Error(
      `the ${what} of ${name} has the hash ${formatKeyHash(keyHash)}, and not its own, ${formatKeyHash(right)}`,
    );
}

/** SHA-256(name || "\n" || type || public key)[:4] (https://c2sp.org/signed-note, "Signatures"). */
function keyHashOf(name: string, publicKey: Buffer): number {
  const input = Buffer.concat([Buffer.from(`${name}\n`), publicKey]);
  return hash('sha256', input, 'buffer').readUInt32BE();
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([PKCS8_PREFIX, seed]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** The public key led by its signature type. */
function encodePublicKey(privateKey: KeyObject): Buffer {
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(ED25519), Buffer.from(x!, 'base64url')]);
}
