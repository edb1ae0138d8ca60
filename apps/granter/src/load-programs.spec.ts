import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@app/platform';
import { programHash } from '@app/programs';
import { checkPublished, loadPrograms } from './load-programs.js';

const FILE = `program: small
version: 1
title: { zh: 小, en: Small }
pools: { ANY_IMP: 1000 }
goals:
  - goal: daily-orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 100, expiresAfterDays: 7 }] }
`;
const SECOND = `${FILE.replace('version: 1', 'version: 2')}startsAt: 2026-11-01T00:00:00+08:00\n`;

describe('the directory of programs', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'programs-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  const write = (name: string, text: string) =>
    writeFile(join(directory, name), text);

  it('holds a version of a program a file, in files that end in .yaml', async () => {
    await write('small-2.yaml', SECOND);
    await write('small-1.yaml', FILE);
    await write('program.schema.json', '{}');
    expect(await loadPrograms(directory)).toMatchObject([
      { program: 'small', version: 1 },
      { program: 'small', version: 2 },
    ]);
  });

  it('may be empty', async () => {
    expect(await loadPrograms(directory)).toEqual([]);
  });

  it('is told the mistakes of each file', async () => {
    await write('a.yaml', FILE.replace('metric: orders', 'metric: sales'));
    await write('b.yaml', '[');
    const error: unknown = await loadPrograms(directory).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ConfigurationError);
    const lines = (error as Error).message.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /a\.yaml:7:5: goals\[0\]\.metric: expected one of /,
      ),
      expect.stringMatching(/b\.yaml:\d+:\d+: yaml: /),
    ]);
  });

  it('is named where it is not there', async () => {
    await expect(loadPrograms(join(directory, 'none'))).rejects.toThrow(
      /^PROGRAMS_DIR cannot be read: ENOENT/,
    );
  });

  it('may not change a version that was published', async () => {
    await write('small.yaml', FILE);
    const [program] = await loadPrograms(directory);
    const published = {
      shard: 0,
      program: 'small',
      version: 1,
      programHash: programHash(program!),
    };
    expect(() => checkPublished([program!], [published])).not.toThrow();
    expect(() =>
      checkPublished([program!], [{ ...published, programHash: 'other' }]),
    ).toThrow(
      'Program small was published as version 1 with other contents: give the changed program a new version.',
    );
  });
});
