import type { Caller } from './caller.js';
import { KnownTokens } from './known-tokens.js';

function caller(tokenExpiresAtMs: number): Caller {
  return {
    issuer: 'i',
    subject: 's',
    roles: [],
    merchantId: null,
    tokenId: null,
    tokenExpiresAtMs,
  };
}

describe('KnownTokens', () => {
  let nowMs = 0;
  const known = new KnownTokens(() => nowMs);
  beforeEach(() => (nowMs = 0));

  it('knows a token for half a minute, and never beyond its end', () => {
    known.remember('long', caller(3_600_000));
    known.remember('short', caller(1_000));
    nowMs = 999;
    expect(known.get('short')).toBeDefined();
    nowMs = 1_000;
    expect(known.get('short')).toBeUndefined();
    expect(known.get('long')).toEqual(caller(3_600_000));
    nowMs = 30_000;
    expect(known.get('long')).toBeUndefined();
  });

  it('forgets the first where there are too many, and remembers none that is long', () => {
    for (let i = 0; i <= 10_000; i += 1)
      known.remember(`token ${i}`, caller(3_600_000));
    expect(known.get('token 0')).toBeUndefined();
    expect(known.get('token 1')).toBeDefined();
    expect(known.get('token 10000')).toBeDefined();
    known.remember('x'.repeat(2_049), caller(3_600_000));
    expect(known.get('x'.repeat(2_049))).toBeUndefined();
  });
});
