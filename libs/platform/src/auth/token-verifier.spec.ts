import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose';
import { CALLER_ROLES } from './caller.js';
import type { Issuer } from './issuers.js';
import {
  KeysUnavailableError,
  TokenError,
  TokenVerifier,
} from './token-verifier.js';

const ISSUER = 'https://id.example.com';
const AUDIENCE = 'ledger';

interface TestKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

async function makeKey(kid: string): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    kid,
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid },
  };
}

function sign(key: TestKey, claims: JWTPayload = {}): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'ann',
    exp: nowSeconds + 60,
    roles: ['auditor'],
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .sign(key.privateKey);
}

describe('TokenVerifier', () => {
  let folder: string;
  let file: string;
  let first: TestKey;
  let second: TestKey;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jwks-'));
    file = join(folder, 'jwks.json');
    [first, second] = await Promise.all([makeKey('first'), makeKey('second')]);
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => publish(first));

  async function publish(...keys: TestKey[]): Promise<void> {
    const text = JSON.stringify({ keys: keys.map((key) => key.publicJwk) });
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  function verifier(
    changes: Partial<Issuer> = {},
    refusesEmbeddedKeys = false,
  ): TokenVerifier {
    const issuer: Issuer = {
      issuer: ISSUER,
      audience: AUDIENCE,
      jwks: file,
      algorithms: ['ES256'],
      roles: [...CALLER_ROLES],
      ...changes,
    };
    return new TokenVerifier([issuer], { refusesEmbeddedKeys });
  }

  it('tells who the bearer is', async () => {
    const token = await sign(first, {
      jti: 'token-1',
      roles: ['merchant', 'admin'],
      merchant_id: 'm1',
    });
    expect(await verifier().verify(token)).toEqual({
      issuer: ISSUER,
      subject: 'ann',
      roles: ['merchant'],
      merchantId: 'm1',
      tokenId: 'token-1',
      tokenExpiresAtMs: expect.any(Number) as number,
    });
  });

  it('lets an issuer give the roles that are its own, and no others', async () => {
    const token = await sign(first, { roles: ['merchant', 'operator'] });
    const { roles } = await verifier({ roles: ['merchant'] }).verify(token);
    expect(roles).toEqual(['merchant']);
  });

  const nowSeconds = () => Math.floor(Date.now() / 1_000);
  it.each([
    ['another issuer', { iss: 'https://other.example.com' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'others' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end that is past', { exp: nowSeconds() - 60 }],
    ['a beginning to come', { nbf: nowSeconds() + 60 }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a role that is not in a list', { roles: 'auditor' }],
    ['a merchant that is a number', { roles: ['merchant'], merchant_id: 5 }],
  ])('refuses a token with %s', async (_, claims) => {
    const token = await sign(first, claims as JWTPayload);
    await expect(verifier().verify(token)).rejects.toThrow(TokenError);
  });

  it.each(['', 'nonsense', 'a.b.c', 'x'.repeat(10_000)])(
    'refuses %.10j',
    async (token) => {
      await expect(verifier().verify(token)).rejects.toThrow(TokenError);
    },
  );

  it('refuses a token that nobody has signed, or that is signed by another', async () => {
    const unsigned = new UnsecuredJWT({ sub: 'ann', roles: ['auditor'] })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1 minute')
      .encode();
    const forged = await sign({ ...second, kid: 'first' });
    for (const token of [unsigned, forged, await sign(second)])
      await expect(verifier().verify(token)).rejects.toThrow(TokenError);
  });

  it('refuses a token whose claims were changed', async () => {
    const [header, , signature] = (await sign(first)).split('.');
    const [, claims] = (await sign(first, { roles: ['operator'] })).split('.');
    await expect(
      verifier().verify([header, claims, signature].join('.')),
    ).rejects.toThrow(TokenError);
  });

  it('refuses an algorithm that the issuer is not to use, and a public key taken for a secret', async () => {
    await expect(
      verifier({ algorithms: ['RS256'] }).verify(await sign(first)),
    ).rejects.toThrow(TokenError);
    const confused = await new SignJWT({ sub: 'ann', roles: ['auditor'] })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime('1 minute')
      .sign(new TextEncoder().encode(JSON.stringify(first.publicJwk)));
    await expect(verifier().verify(confused)).rejects.toThrow(TokenError);
  });

  it('refuses a key of the embedded stack where it is to, whoever issues it', async () => {
    const embedded = await makeKey('embedded:x');
    await publish(embedded);
    const token = await sign(embedded);
    await verifier().verify(token);
    await expect(verifier({}, true).verify(token)).rejects.toThrow(
      'embedded stack',
    );
  });

  it('takes a new key of a file, and no longer an old one, without being made anew', async () => {
    const running = verifier();
    await running.verify(await sign(first));
    await publish(second);
    await sleep(1_100);
    await running.verify(await sign(second));
    await expect(running.verify(await sign(first))).rejects.toThrow(TokenError);
  });

  it('takes a token that it knows for as long as its key is there, and no longer', async () => {
    const running = verifier();
    const token = await sign(first, { exp: nowSeconds() + 3_600 });
    const caller = await running.verify(token);
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ['Date'] });
    try {
      expect(await running.verify(token)).toBe(caller);
      await publish(second);
      await sleep(1_100);
      expect(await running.verify(token)).toBe(caller);
      vi.setSystemTime(Date.now() + 31_000);
      await expect(running.verify(token)).rejects.toThrow(TokenError);
    } finally {
      vi.useRealTimers();
    }
  });

  it('cannot tell while a file is not there, and can when it is', async () => {
    await rm(file);
    const running = verifier();
    const token = await sign(first);
    await expect(running.verify(token)).rejects.toThrow(KeysUnavailableError);
    await publish(first);
    await running.verify(token);
  });

  describe('with keys at a URL', () => {
    let server: Server;
    let served: TestKey[] | null;
    let fetches = 0;

    beforeAll(async () => {
      server = createServer((_, response) => {
        fetches += 1;
        if (!served) response.writeHead(500).end();
        else
          response.end(
            JSON.stringify({ keys: served.map((key) => key.publicJwk) }),
          );
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    });
    afterAll(() => server.close());

    function remote(): TokenVerifier {
      const { port } = server.address() as AddressInfo;
      return verifier({ jwks: `http://127.0.0.1:${port}/jwks.json` });
    }

    it('fetches them once for many tokens', async () => {
      served = [first];
      fetches = 0;
      const running = remote();
      for (let i = 0; i < 5; i += 1) await running.verify(await sign(first));
      expect(fetches).toBe(1);
    });

    it('does not fetch again for each token with an unknown key', async () => {
      served = [first];
      const running = remote();
      await running.verify(await sign(first));
      fetches = 0;
      for (let i = 0; i < 5; i += 1)
        await expect(running.verify(await sign(second))).rejects.toThrow(
          TokenError,
        );
      expect(fetches).toBe(0);
    });

    it('takes a new key of them without being made anew', async () => {
      served = [first];
      const running = remote();
      await running.verify(await sign(first));
      served = [first, second];
      vi.useFakeTimers({ now: Date.now() + 11_000, toFake: ['Date'] });
      try {
        await running.verify(await sign(second));
      } finally {
        vi.useRealTimers();
      }
    });

    it('cannot tell while they are not served', async () => {
      served = null;
      await expect(remote().verify(await sign(first))).rejects.toThrow(
        KeysUnavailableError,
      );
    });
  });
});
