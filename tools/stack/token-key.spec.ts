import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CALLER_ROLES,
  EMBEDDED_ISSUER,
  TokenError,
  TokenVerifier,
} from '@app/platform';
import { ensureTokenIssuer, mintToken } from './token-key.js';

describe('the key for tokens', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function verifier(refusesEmbeddedKeys: boolean) {
    const issuer = await ensureTokenIssuer(folder);
    return new TokenVerifier([{ ...issuer, roles: [...CALLER_ROLES] }], {
      refusesEmbeddedKeys,
    });
  }

  it('signs tokens that the api takes, but for production', async () => {
    const taking = await verifier(false);
    const token = await mintToken(folder, {
      role: 'merchant',
      merchantId: 'm1',
      lifetimeSeconds: 60,
    });
    expect(await taking.verify(token)).toMatchObject({
      issuer: EMBEDDED_ISSUER,
      subject: 'm1',
      roles: ['merchant'],
      merchantId: 'm1',
    });
    const production = await verifier(true);
    await expect(production.verify(token)).rejects.toThrow(TokenError);
  });

  it('stays what it is, and is its owner’s alone', async () => {
    const keyFile = join(folder, 'key.json');
    await ensureTokenIssuer(folder);
    const key = await readFile(keyFile, 'utf8');
    const { jwks } = await ensureTokenIssuer(folder);
    expect(await readFile(keyFile, 'utf8')).toBe(key);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(jwks, 'utf8'))).toEqual({
      keys: [expect.not.objectContaining({ d: expect.anything() as string })],
    });
  });
});
