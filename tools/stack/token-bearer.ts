import { CALLER_ROLES, type CallerRole } from '@app/platform';
import { UsageError } from '../support/cli.js';

/** Whom a token is to be for. */
export interface TokenBearer {
  role: CallerRole;
  /** Of a merchant. */
  merchantId?: string | undefined;
  /** By default the merchant's id, or the name of the role. */
  subject?: string | undefined;
  lifetimeSeconds: number;
}

const SECONDS_OF: Record<string, number> = { s: 1, m: 60, h: 3_600 };
const LIFETIME_SECONDS_MAX = 86_400;

/** @throws UsageError naming the option that is wrong */
export function parseTokenBearer(values: {
  role?: string | undefined;
  merchant?: string | undefined;
  for: string;
  subject?: string | undefined;
}): TokenBearer {
  const role = parseRole(values.role);
  const { merchant: merchantId, subject } = values;
  if (role === 'merchant' && !merchantId)
    throw new UsageError(
      '--merchant is missing: say whose data the token is for.',
    );
  if (role !== 'merchant' && merchantId !== undefined)
    throw new UsageError(
      `--merchant goes with the role merchant, and not with ${role}.`,
    );
  return {
    role,
    merchantId,
    subject,
    lifetimeSeconds: parseLifetime(values.for),
  };
}

function parseRole(text: string | undefined): CallerRole {
  const role = CALLER_ROLES.find((known) => known === text);
  if (!role)
    throw new UsageError(
      `${text === undefined ? '--role is missing' : `--role is "${text}"`}: expected one of ${CALLER_ROLES.join(', ')}.`,
    );
  return role;
}

function parseLifetime(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS_OF[unit ?? ''] ?? NaN);
  if (!(seconds <= LIFETIME_SECONDS_MAX))
    throw new UsageError(
      `--for is "${text}": expected a time such as 90s, 15m or 8h, a day at most.`,
    );
  return seconds;
}
