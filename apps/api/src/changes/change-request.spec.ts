import { parseKey } from './change-request.js';

describe('parseKey', () => {
  it.each([
    [
      '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
      '8e03978e-40d5-43dd-bc93-6894a57f9324',
    ],
    [
      '8e03978e-40d5-43dd-bc93-6894a57f9324',
      '8e03978e-40d5-43dd-bc93-6894a57f9324',
    ],
    [String.raw`"a \"quoted\" \\ word"`, String.raw`a "quoted" \ word`],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('reads %s', (header, key) => {
    expect(parseKey(header)).toBe(key);
  });

  it.each([undefined, '', '""', 'x'.repeat(256), 'schlüssel', 'a\tb'])(
    'refuses %j',
    (header) => {
      expect(() => parseKey(header)).toThrow('Idempotency-Key');
    },
  );
});
