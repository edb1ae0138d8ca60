import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import {
  FESTIVAL_FILE,
  SEASON_FILE,
  SHIPPED_FILES,
} from '../../test/programs.js';
import { programJsonSchema } from './program-json-schema.js';

// Times have a pattern besides their format.
const ajv = new Ajv2020({ allErrors: true, validateFormats: false });
const validate = ajv.compile(programJsonSchema());

/** Where a file is not what the schema says. */
function violations(text: string): string[] {
  validate(parse(text));
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
}

describe('the JSON Schema of program files', () => {
  it('is the one beside them', () => {
    const committed = readFileSync(
      new URL('../../../../programs/program.schema.json', import.meta.url),
      'utf8',
    );
    expect(JSON.parse(committed)).toEqual(programJsonSchema());
  });

  it.each([
    ...SHIPPED_FILES,
    { fileName: 'festival', text: FESTIVAL_FILE },
    { fileName: 'season', text: SEASON_FILE },
  ])('takes $fileName', ({ text }) => {
    expect(violations(text)).toEqual([]);
  });

  it.each([
    ['an unknown field', 'timezone: UTC\npools:', / additional properties$/],
    ['a number that is a text', 'pools:\n  VIDEO_IMP: ten', /must be integer$/],
  ])('refuses %s', (_, text, violation) => {
    expect(violations(FESTIVAL_FILE.replace('pools:', text))).toContainEqual(
      expect.stringMatching(violation),
    );
  });

  it('refuses two payouts, and none', () => {
    const two = FESTIVAL_FILE.replace(
      'tiers:',
      'rate: { basisPoints: 1, unit: CNY }\n    tiers:',
    );
    const none = FESTIVAL_FILE.replace(/ {4}tiers:[^]*/, '');
    for (const text of [two, none])
      expect(violations(text)).toContain(
        '/goals/0 must match exactly one schema in oneOf',
      );
  });

  it('explains every field', () => {
    expect(unexplained(programJsonSchema(), 'program')).toEqual([]);
  });
});

/** Fields without a description, but for the units of `pools`, which their parent explains. */
function unexplained(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items } = schema as {
    properties?: Record<string, { description?: string }>;
    items?: unknown;
  };
  return [
    ...Object.entries(properties).flatMap(([name, field]) => {
      const fieldPath = `${path}.${name}`;
      const isUnit = path === 'program.pools';
      return [
        ...(field.description || isUnit ? [] : [fieldPath]),
        ...unexplained(field, fieldPath),
      ];
    }),
    ...unexplained(items, `${path}[]`),
  ];
}
