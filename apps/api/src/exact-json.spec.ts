import fc from 'fast-check';
import { toExactJson } from './exact-json.js';

describe('toExactJson', () => {
  it('writes every digit of a bigint', () => {
    expect(toExactJson({ amounts: [2n ** 53n + 1n, -(2n ** 63n), 0n] })).toBe(
      '{"amounts":[9007199254740993,-9223372036854775808,0]}',
    );
  });

  it('writes all else as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toExactJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves out what JSON cannot say, and asks objects for their own form', () => {
    const value = {
      missing: undefined,
      list: [undefined, () => 1],
      at: new Date(0),
      'quoted "name"': null,
    };
    expect(toExactJson(value)).toBe(JSON.stringify(value));
    expect(toExactJson(undefined)).toBeUndefined();
  });
});
