import {
  decodeJwt,
  errors,
  jwtVerify,
  type JWTHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { CALLER_ROLES, type Caller } from './caller.js';
import { EMBEDDED_KEY_PREFIX, type Issuer } from './issuers.js';
import { keySetAt, type KeySet } from './key-set.js';
import { KnownTokens, type KnownToken } from './known-tokens.js';

/** By how much the clocks of an issuer and of this machine may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
const TOKEN_LENGTH_MAX = 8_192;

/** A token that is not taken, and why: a sentence for its bearer. */
export class TokenError extends Error {}

/** The keys of an issuer cannot be had: whether a token is good is not known. */
export class KeysUnavailableError extends Error {}

/** What is read of a token. Roles are a claim as in RFC 9068, section 2.2.3.1; those nobody knows are left out. */
const claims = z.object({
  iss: z.string(),
  sub: z.string().min(1),
  exp: z.number(),
  jti: z.string().optional(),
  roles: z.array(z.string()).default([]),
  merchant_id: z.string().min(1).optional(),
});

export interface TokenVerifierOptions {
  /** Whether keys of the embedded stack are refused, whoever issues them. */
  refusesEmbeddedKeys: boolean;
}

/** What a token was verified with: of one set of keys, the same key is always the same object. */
interface Signature {
  header: JWTHeaderParameters;
  key: unknown;
}

/** Tells who the bearer of a token is. */
export class TokenVerifier {
  readonly #known = new KnownTokens<Signature>(() => Date.now());
  readonly #issuers: ReadonlyMap<string, { of: Issuer; keys: KeySet }>;

  constructor(
    issuers: readonly Issuer[],
    private readonly options: TokenVerifierOptions,
  ) {
    this.#issuers = new Map(
      issuers.map((of) => [of.issuer, { of, keys: keySetAt(of.jwks) }]),
    );
  }

  /**
   * @throws TokenError where it is not taken
   * @throws KeysUnavailableError where that cannot be told now
   */
  async verify(token: string): Promise<Caller> {
    const known = this.#known.get(token);
    if (known?.isAssured) return known.caller;
    if (known && (await this.#hasKeyYet(known))) {
      this.#known.remember(token, known.caller, known.signature);
      return known.caller;
    }
    const { caller, signature } = await this.#verify(token);
    this.#known.remember(token, caller, signature);
    return caller;
  }

  /** Whether the issuer's key that a token was verified with is the same as then. */
  async #hasKeyYet({
    caller,
    signature: { header, key },
  }: KnownToken<Signature>): Promise<boolean> {
    const { keys } = this.#issuers.get(caller.issuer)!;
    try {
      return (await keys(header)) === key;
    } catch {
      // Why, it is said where the token is verified anew.
      return false;
    }
  }

  async #verify(
    token: string,
  ): Promise<{ caller: Caller; signature: Signature }> {
    const { of, keys } = this.#issuerOf(token);
    const { payload, signature } = await this.#check(token, of, keys);
    const read = claims.safeParse(payload);
    if (!read.success) {
      const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
      throw new TokenError(`its claim ${path.join('.')} is wrong: ${message}`);
    }
    const { iss, sub, exp, jti, roles, merchant_id: merchantId } = read.data;
    const caller = {
      issuer: iss,
      subject: sub,
      roles: CALLER_ROLES.filter(
        (role) => roles.includes(role) && of.roles.includes(role),
      ),
      merchantId: merchantId ?? null,
      tokenId: jti ?? null,
      tokenExpiresAtMs: exp * 1_000,
    };
    return { caller, signature };
  }

  /** By a claim that is not verified yet: it only says whose keys to verify it with. */
  #issuerOf(token: string) {
    if (token.length > TOKEN_LENGTH_MAX) throw new TokenError('it is too long');
    let issuer: unknown;
    try {
      ({ iss: issuer } = decodeJwt(token));
    } catch {
      throw new TokenError('it is no JSON Web Token');
    }
    const known = this.#issuers.get(String(issuer));
    if (!known) throw new TokenError('its issuer is not one of those taken');
    return known;
  }

  async #check(
    token: string,
    { issuer, audience, algorithms }: Issuer,
    keys: KeySet,
  ): Promise<{ payload: unknown; signature: Signature }> {
    const acceptable: JWTVerifyGetKey = (header, input) => {
      if (
        this.options.refusesEmbeddedKeys &&
        header.kid?.startsWith(EMBEDDED_KEY_PREFIX)
      )
        throw new TokenError('its key is one of the embedded stack');
      return keys(header, input);
    };
    try {
      const { payload, protectedHeader, key } = await jwtVerify(
        token,
        acceptable,
        {
          issuer,
          audience,
          algorithms: [...algorithms],
          requiredClaims: ['sub', 'exp'],
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        },
      );
      return { payload, signature: { header: protectedHeader, key } };
    } catch (error) {
      throw explain(error, issuer);
    }
  }
}

/** What jose says of tokens; whatever else it throws is of the keys. */
const REFUSALS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function explain(error: unknown, issuer: string): unknown {
  if (error instanceof TokenError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError('it expired');
  if (REFUSALS.some((Refusal) => error instanceof Refusal))
    return new TokenError((error as Error).message);
  return new KeysUnavailableError(`the keys of ${issuer} cannot be had`, {
    cause: error,
  });
}
