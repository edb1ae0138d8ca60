/** What a token may entitle its bearer to. */
export const CALLER_ROLES = [
  /** The merchant whose id the token has: its own data, and its own switch. */
  'merchant',
  /** Reads everything and changes nothing. */
  'auditor',
  /** Runs programs, budgets and replays. */
  'operator',
  /** Approves what somebody else has proposed. */
  'approver',
  /** Another service of the platform, that acts for merchants. */
  'service',
] as const;
export type CallerRole = (typeof CALLER_ROLES)[number];

/** Who makes a request, as a verified token says. */
export interface Caller {
  issuer: string;
  /** Unique within the issuer. */
  subject: string;
  roles: readonly CallerRole[];
  /** Whose data a `merchant` may see; null for everybody else. */
  merchantId: string | null;
  /** `jti` of the token, where it has one. */
  tokenId: string | null;
  /** From then on the token is not taken: milliseconds since the epoch. */
  tokenExpiresAtMs: number;
}
