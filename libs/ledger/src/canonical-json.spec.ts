import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('is what RFC 8785 says, by another implementation', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  it('has the fields of an object in the order of their code units', () => {
    const fields = ['\u{1f600}', '\ufb33', 'b', '"', 'a', '10', '9', ''];
    const object = Object.fromEntries(fields.map((name, i) => [name, i]));
    expect(canonicalJson(object)).toBe(
      '{"":7,"\\"":3,"10":5,"9":6,"a":4,"b":2,"\u{1f600}":0,"\ufb33":1}',
    );
  });

  it('leaves out a field that is undefined', () => {
    expect(canonicalJson({ b: undefined, a: null })).toBe('{"a":null}');
  });

  it.each([NaN, Infinity, 1n, undefined, [undefined], () => 1])(
    'is refused for what is not JSON',
    (value) => {
      expect(() => canonicalJson(value)).toThrow('is not JSON');
    },
  );
});
