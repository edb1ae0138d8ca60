import { issuerList } from './issuers.js';

const ISSUER = {
  issuer: 'https://id.example.com',
  audience: 'ledger',
  jwks: 'https://id.example.com/jwks.json',
};

describe('issuerList', () => {
  it('fills in the algorithms and the roles', () => {
    expect(issuerList.parse(JSON.stringify([ISSUER]))).toEqual([
      {
        ...ISSUER,
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
        roles: ['merchant', 'auditor', 'operator', 'approver', 'service'],
      },
    ]);
  });

  it.each([
    ['https://id.example.com/jwks', true],
    ['http://127.0.0.1:8080/jwks', true],
    ['http://id.example.com/jwks', false],
    ['ftp://id.example.com/jwks', false],
    ['/etc/ledger/jwks.json', true],
    ['', false],
  ])('takes keys at %j: %s', (jwks, taken) => {
    const text = JSON.stringify([{ ...ISSUER, jwks }]);
    expect(issuerList.safeParse(text).success).toBe(taken);
  });

  it.each([
    ['no JSON', '[{'],
    ['no list', JSON.stringify(ISSUER)],
    ['an issuer twice', JSON.stringify([ISSUER, ISSUER])],
    ['a shared secret', JSON.stringify([{ ...ISSUER, algorithms: ['HS256'] }])],
    ['no signature', JSON.stringify([{ ...ISSUER, algorithms: ['none'] }])],
    ['no algorithm', JSON.stringify([{ ...ISSUER, algorithms: [] }])],
    ['a role that is none', JSON.stringify([{ ...ISSUER, roles: ['root'] }])],
    ['no audience', JSON.stringify([{ ...ISSUER, audience: undefined }])],
    ['an unknown field', JSON.stringify([{ ...ISSUER, secret: 'x' }])],
  ])('refuses %s', (_, text) => {
    expect(issuerList.safeParse(text).success).toBe(false);
  });
});
