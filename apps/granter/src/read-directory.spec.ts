import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@app/platform';
import { readDirectory } from './read-directory.js';

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
    expect(await readDirectory(directory)).toEqual([
      { fileName: join(directory, 'small-1.yaml'), text: FILE },
      { fileName: join(directory, 'small-2.yaml'), text: SECOND },
    ]);
  });

  it('may be empty', async () => {
    expect(await readDirectory(directory)).toEqual([]);
  });

  it('is told the mistakes of each file', async () => {
    await write('a.yaml', FILE.replace('metric: orders', 'metric: sales'));
    await write('b.yaml', '[');
    const error: unknown = await readDirectory(directory).catch(
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
    await expect(readDirectory(join(directory, 'none'))).rejects.toThrow(
      /^PROGRAMS_DIR cannot be read: ENOENT/,
    );
  });
});
