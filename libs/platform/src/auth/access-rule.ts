import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Caller, CallerRole } from './caller.js';

/** Who may call a route. */
export type AccessRule =
  | { type: 'public' }
  | {
      type: 'roles';
      roles: readonly Exclude<CallerRole, 'merchant'>[];
      /** The parameter of the path that names the merchant who may call it too; null where no merchant may. */
      ownMerchantParam: string | null;
    };

const ACCESS_RULE = 'access-rule';

/** Anybody may call it, without a token. */
export const Public = () =>
  SetMetadata(ACCESS_RULE, { type: 'public' } satisfies AccessRule);

/** Callers with one of these roles may call it, whatever it is about. */
export const Roles = (...roles: readonly Exclude<CallerRole, 'merchant'>[]) =>
  SetMetadata(ACCESS_RULE, {
    type: 'roles',
    roles,
    ownMerchantParam: null,
  } satisfies AccessRule);

/** Like {@link Roles}, and a merchant may call it where this parameter of the path is its own id. */
export const RolesAndOwnMerchant = (
  ownMerchantParam: string,
  ...roles: readonly Exclude<CallerRole, 'merchant'>[]
) =>
  SetMetadata(ACCESS_RULE, {
    type: 'roles',
    roles,
    ownMerchantParam,
  } satisfies AccessRule);

type Target = Parameters<Reflector['get']>[1];

/** The rule of a route: its handler's own, or that of its controller; undefined where nobody has declared one. */
export function accessRuleOf(
  reflector: Reflector,
  handler: Target,
  controller: Target,
): AccessRule | undefined {
  return reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
    handler,
    controller,
  ]);
}

/** Whether a caller may call a route with these parameters in its path. */
export function isAllowed(
  rule: AccessRule,
  caller: Caller,
  params: Readonly<Record<string, string>>,
): boolean {
  if (rule.type === 'public') return true;
  if (rule.roles.some((role) => caller.roles.includes(role))) return true;
  return (
    rule.ownMerchantParam !== null &&
    caller.roles.includes('merchant') &&
    caller.merchantId !== null &&
    params[rule.ownMerchantParam] === caller.merchantId
  );
}
