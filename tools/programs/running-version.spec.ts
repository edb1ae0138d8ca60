import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../support/cli.js';
import { readProgram, runningVersion } from './running-version.js';

function file(program: string, version: number): string {
  return `
program: ${program}
version: ${version}
title: { zh: 例, en: Example }
pools: { ANY_IMP: 10 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers: [{ tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 1, expiresAfterDays: 7 }] }]
`;
}

describe('the running version of a draft', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'programs-'));
    await write('a.yaml', file('ladder', 1));
    await write('b.yaml', file('ladder', 2));
    await write('c.yaml', file('other', 9));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const at = (name: string) => join(directory, name);
  const write = (name: string, text: string) => writeFile(at(name), text);

  it('is the highest of its program', async () => {
    const draft = readProgram('draft.yaml', file('ladder', 3));
    expect(await runningVersion(draft, directory)).toMatchObject({
      program: { program: 'ladder', version: 2 },
      fileName: at('b.yaml'),
    });
  });

  it('is not the file of the draft itself', async () => {
    const draft = readProgram(at('b.yaml'), file('ladder', 2));
    expect(await runningVersion(draft, directory)).toMatchObject({
      fileName: at('a.yaml'),
    });
    const alone = readProgram(at('c.yaml'), file('other', 9));
    expect(await runningVersion(alone, directory)).toBeNull();
  });

  it('is that of one file, where one is named', async () => {
    const draft = readProgram('draft.yaml', file('ladder', 3));
    expect(await runningVersion(draft, at('a.yaml'))).toMatchObject({
      program: { version: 1 },
    });
  });

  it('is refused with every mistake in a file, and where there is none', async () => {
    const draft = readProgram('draft.yaml', file('ladder', 3));
    await write('a.yaml', file('ladder', 0));
    await expect(runningVersion(draft, directory)).rejects.toMatchObject({
      status: 2,
      message: expect.stringMatching(
        /a\.yaml:3:1: version: expected a whole number from 1/,
      ) as string,
    });
    await expect(runningVersion(draft, at('nowhere'))).rejects.toThrow(
      new UsageError(`There is no ${at('nowhere')}.`),
    );
  });
});
