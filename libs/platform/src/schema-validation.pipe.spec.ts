import type { ArgumentMetadata } from '@nestjs/common';
import { z } from 'zod';
import { ProblemException } from './problem.js';
import { schemaValidationPipe } from './schema-validation.pipe.js';

const schema = z.strictObject({
  limit: z.coerce.number(),
  range: z.strictObject({ from: z.iso.date() }).optional(),
});

async function validate(value: unknown): Promise<unknown> {
  const metadata: ArgumentMetadata = { type: 'body', schema };
  return schemaValidationPipe().transform(value, metadata);
}

describe('schemaValidationPipe', () => {
  it('gives what the schema makes of it', async () => {
    expect(await validate({ limit: '5' })).toEqual({ limit: 5 });
  });

  it.each([
    [{ limit: 'many' }, ['limit']],
    [{ limit: 1, range: { from: 'once' } }, ['range.from']],
    [
      { limit: 1, range: { from: '2024-11-11', to: 1, by: 1 } },
      ['range.to', 'range.by'],
    ],
    [{ limit: 1, offset: 2 }, ['offset']],
    [undefined, ['body']],
    [JSON.parse('{"limit":1,"__proto__":{"by":1}}'), ['__proto__']],
    [{ limit: 1, range: [{ constructor: 1 }] }, ['range.0.constructor']],
  ])('names what is wrong in %j', async (value, fields) => {
    const error = await validate(value).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemException);
    expect(error).toMatchObject({ kind: 'invalid-request', status: 400 });
    expect(
      (error as ProblemException).errors?.map(({ field }) => field),
    ).toEqual(fields);
  });

  it('looks as deep as a body goes', async () => {
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    await expect(validate({ limit: JSON.parse(deep) })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
  });
});
