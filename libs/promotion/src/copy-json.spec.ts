import fc from 'fast-check';
import { copyJson } from './copy-json.js';

describe('copyJson', () => {
  it('is the same, and shares nothing that could be changed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value);
        const copy = copyJson(value);
        expect(JSON.stringify(copy)).toBe(before);
        empty(copy);
        expect(JSON.stringify(value)).toBe(before);
      }),
      {
        examples: [[JSON.parse('[{"__proto__":{"a":[1]}},{"__proto__":""}]')]],
      },
    );
  });
});

function empty(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) empty(member);
  if (Array.isArray(value)) value.length = 0;
  else
    for (const name of Object.keys(value)) Reflect.deleteProperty(value, name);
}
