import { parseTokenBearer } from './token-bearer.js';

describe('parseTokenBearer', () => {
  it('reads whom a token is for, and for how long', () => {
    expect(
      parseTokenBearer({ role: 'merchant', merchant: 'm1', for: '15m' }),
    ).toEqual({
      role: 'merchant',
      merchantId: 'm1',
      lifetimeSeconds: 900,
    });
    expect(
      parseTokenBearer({ role: 'auditor', subject: 'ann', for: '24h' }),
    ).toEqual({ role: 'auditor', subject: 'ann', lifetimeSeconds: 86_400 });
  });

  it.each([
    [{}, '--role is missing'],
    [{ role: 'root' }, '--role is "root"'],
    [{ role: 'merchant' }, '--merchant is missing'],
    [{ role: 'merchant', merchant: '' }, '--merchant is missing'],
    [{ role: 'auditor', merchant: 'm1' }, '--merchant goes with'],
    [{ role: 'auditor', for: '2d' }, '--for is "2d"'],
    [{ role: 'auditor', for: '0s' }, '--for is "0s"'],
    [{ role: 'auditor', for: '25h' }, '--for is "25h"'],
  ])('says what is wrong with %j', (values, words) => {
    expect(() => parseTokenBearer({ for: '15m', ...values })).toThrow(words);
  });
});
