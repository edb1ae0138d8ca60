import fc from 'fast-check';
import { viewOf } from './byte-strings.js';
import { canonicalJson } from './canonical-json.js';
import { JsonTexts } from './json-texts.js';

const NAMES = ['a', 'program'];

describe('finding texts in canonical JSON', () => {
  it('finds what a parser finds, unless it has escapes', () => {
    const anyText = fc.oneof(
      fc.constantFrom(...NAMES, '"a":"b"', '{', ']', '\\'),
      fc.string({ unit: 'grapheme' }),
    );
    const { value: anyValue } = fc.letrec((tie) => ({
      value: fc.oneof(
        anyText,
        fc.integer(),
        fc.constantFrom(true, null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(anyText, tie('value'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    }));
    const anyObject = fc.dictionary(anyText, anyValue, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(anyObject, (object) => {
        expect(textsIn(canonicalJson(object))).toEqual(
          NAMES.map((name) => {
            const value: unknown = Object.hasOwn(object, name)
              ? object[name]
              : undefined;
            const isPlain =
              typeof value === 'string' &&
              JSON.stringify(value) === `"${value}"`;
            return isPlain ? value : null;
          }),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not take a field of what is within', () => {
    expect(textsIn('{"b":{"a":"x"},"c":[{"program":"y"}]}')).toEqual([
      null,
      null,
    ]);
  });
});

function textsIn(json: string): (string | null)[] {
  const bytes = Buffer.from(`"a":${json}"`);
  const texts = new JsonTexts(NAMES);
  texts.find(viewOf(bytes), 4, bytes.length - 1);
  return texts.starts.map((start, i) =>
    start < 0 ? null : bytes.toString('utf8', start, texts.ends[i]),
  );
}
