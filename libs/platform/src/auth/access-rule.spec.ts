import { Reflector } from '@nestjs/core';
import {
  accessRuleOf,
  isAllowed,
  Public,
  Roles,
  RolesAndOwnMerchant,
  type AccessRule,
} from './access-rule.js';
import { CALLER_ROLES, type Caller, type CallerRole } from './caller.js';

function caller(roles: CallerRole[], merchantId: string | null = null): Caller {
  return {
    issuer: 'i',
    subject: 's',
    roles,
    merchantId,
    tokenId: null,
    tokenExpiresAtMs: Infinity,
  };
}

describe('isAllowed', () => {
  const forAuditors: AccessRule = {
    type: 'roles',
    roles: ['auditor'],
    ownMerchantParam: null,
  };
  const forOwnersToo: AccessRule = { ...forAuditors, ownMerchantParam: 'id' };

  it.each(CALLER_ROLES)(
    'lets a role in where the rule names it: %s',
    (role) => {
      expect(isAllowed(forAuditors, caller([role], 'm1'), { id: 'm1' })).toBe(
        role === 'auditor',
      );
    },
  );

  it.each([
    ['its own data', caller(['merchant'], 'm1'), true],
    ['the data of another', caller(['merchant'], 'm2'), false],
    ['data where its token names no merchant', caller(['merchant']), false],
    ['data without the role', caller([], 'm1'), false],
    ['data by another role', caller(['service'], 'm1'), false],
  ])('of a merchant asking for %s', (_, who, allowed) => {
    expect(isAllowed(forOwnersToo, who, { id: 'm1' })).toBe(allowed);
  });

  it('does not take a missing merchant for a missing parameter', () => {
    const nobody = { ...caller(['merchant']), merchantId: null };
    expect(isAllowed(forOwnersToo, nobody, {})).toBe(false);
  });
});

describe('the rule of a route', () => {
  @Roles('auditor')
  class Ledger {
    read(this: void) {}
    @Public()
    health(this: void) {}
    @RolesAndOwnMerchant('id', 'service')
    wallet(this: void) {}
  }
  class Undeclared {
    read(this: void) {}
  }
  const reflector = new Reflector();
  const ledger = new Ledger();

  it.each([
    [
      ledger.read,
      { type: 'roles', roles: ['auditor'], ownMerchantParam: null },
    ],
    [ledger.health, { type: 'public' }],
    [
      ledger.wallet,
      { type: 'roles', roles: ['service'], ownMerchantParam: 'id' },
    ],
  ])(
    'is that of its handler, or else that of its controller',
    (handler, rule) => {
      expect(accessRuleOf(reflector, handler, Ledger)).toEqual(rule);
    },
  );

  it('is missing where nobody has declared one', () => {
    expect(
      accessRuleOf(reflector, new Undeclared().read, Undeclared),
    ).toBeUndefined();
  });
});
