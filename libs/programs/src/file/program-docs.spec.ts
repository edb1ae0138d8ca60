import { readFileSync } from 'node:fs';
import { parseEligibility } from '../eligibility.js';
import { parseProgram } from './program-file.js';
import { programJsonSchema } from './program-json-schema.js';

const TEXT = readFileSync(
  new URL('../../../../docs/programs.md', import.meta.url),
  'utf8',
);

describe('docs/programs.md', () => {
  it('begins with a program in ten lines', () => {
    const [, first] = /```yaml\n([^]*?)```/.exec(TEXT)!;
    expect(first!.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    expect(parseProgram(first!, 'first').program).toBe('daily-orders');
  });

  it('has every field', () => {
    expect(fieldsOf(programJsonSchema()).filter(isUnnamed)).toEqual([]);
  });

  it('shows expressions that are right', () => {
    const [, table] = /\| +`eligible` +\|\n([^]*?)\n\n/.exec(TEXT)!;
    const expressions = [...table!.matchAll(/`'?([^`]{2,}?)'?`/g)];
    expect(expressions.length).toBeGreaterThan(5);
    for (const [, expression] of expressions)
      expect(() => parseEligibility(expression!)).not.toThrow();
  });
});

function isUnnamed(field: string): boolean {
  return !new RegExp(`\`(\\w+\\.)?${field}(\\.\\w+)?\``).test(TEXT);
}

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, items } = schema as {
    properties?: object;
    items?: unknown;
  };
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      name,
      ...fieldsOf(field),
    ]),
    ...fieldsOf(items),
  ];
}
