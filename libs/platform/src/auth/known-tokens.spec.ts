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
  const known = new KnownTokens<string>(() => nowMs);
  beforeEach(() => (nowMs = 0));

  it('is sure of a token for half a minute, and knows none behind its end', () => {
    known.remember('long', caller(3_600_000), 'key');
    known.remember('short', caller(1_000), 'key');
    nowMs = 999;
    expect(known.get('short')).toBeDefined();
    nowMs = 1_000;
    expect(known.get('short')).toBeUndefined();
    expect(known.get('long')).toEqual({
      caller: caller(3_600_000),
      signature: 'key',
      isAssured: true,
    });
    nowMs = 30_000;
    expect(known.get('long')?.isAssured).toBe(false);
    known.remember('long', caller(3_600_000), 'key');
    expect(known.get('long')?.isAssured).toBe(true);
    nowMs = 3_600_000;
    expect(known.get('long')).toBeUndefined();
  });

  it('forgets the first where there are too many, and remembers none that is long', () => {
    for (let i = 0; i <= 10_000; i += 1)
      known.remember(`token ${i}`, caller(3_600_000), 'key');
    expect(known.get('token 0')).toBeUndefined();
    expect(known.get('token 1')).toBeDefined();
    expect(known.get('token 10000')).toBeDefined();
    known.remember('x'.repeat(2_049), caller(3_600_000), 'key');
    expect(known.get('x'.repeat(2_049))).toBeUndefined();
  });
});
