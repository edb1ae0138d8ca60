import { z } from 'zod';
import { CALLER_ROLES } from './caller.js';

/** The issuer of tokens for trying things out on one machine; production takes none of them. */
export const EMBEDDED_ISSUER = 'urn:traffic-reward-ledger:embedded';

/** Leads the id of every key of {@link EMBEDDED_ISSUER}, so that it is known under any other name. */
export const EMBEDDED_KEY_PREFIX = 'embedded:';

/** Signatures whose keys can be told to everybody: what is verified with a shared secret can be made with it too. */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

const KEYS_EXPECTED =
  'expected an https URL, an http URL on this machine, or the path of a file';

const issuer = z.strictObject({
  /** `iss` of its tokens, exactly. */
  issuer: z.string().min(1),
  /** `aud` of the tokens that are meant for this service. */
  audience: z.string().min(1),
  /** Where its keys are, a JSON Web Key Set (RFC 7517): a URL, or a file. */
  jwks: z.string().refine(isSafeLocation, KEYS_EXPECTED),
  /** What its tokens may be signed with. */
  algorithms: z
    .array(z.enum(SIGNATURE_ALGORITHMS))
    .min(1)
    .default(['RS256', 'PS256', 'ES256', 'EdDSA']),
  /** The roles that it may give; others in its tokens count for nothing. */
  roles: z.array(z.enum(CALLER_ROLES)).default([...CALLER_ROLES]),
});

/** Somebody whose tokens are taken. */
export type Issuer = z.output<typeof issuer>;

const EXPECTED =
  'expected a JSON list such as [{"issuer":"https://id.example.com","audience":"traffic-reward-ledger","jwks":"https://id.example.com/jwks.json"}]';

/** A variable that holds the issuers as a JSON list; each is named once. An empty list lets nobody in. */
export const issuerList = z
  .string(EXPECTED)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue(EXPECTED);
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(issuer, EXPECTED)
      .refine(
        (list) => new Set(list.map((one) => one.issuer)).size === list.length,
        'expected each issuer once',
      ),
  );

export function isUrl(jwks: string): boolean {
  return /^https?:\/\//i.test(jwks);
}

/** Keys that come over the network in the clear may be anybody's. */
function isSafeLocation(jwks: string): boolean {
  if (!isUrl(jwks)) return jwks !== '' && !/^[a-z]+:\/\//i.test(jwks);
  if (!URL.canParse(jwks)) return false;
  const { protocol, hostname } = new URL(jwks);
  return (
    protocol === 'https:' ||
    ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  );
}
