import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleOf } from './bundle.mjs';

const execute = promisify(execFile);

describe('the bundle of a command', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bundle-'));
    for (const folder of ['apps', 'libs', 'tools'])
      await mkdir(join(root, folder));
    await write('package.json', '{ "type": "module" }');
    await write('package-lock.json', '{}');
    await write(
      'tsconfig.json',
      '{ "compilerOptions": { "paths": { "@app/said": ["./libs/said.ts"] } } }',
    );
    await write('libs/said.ts', `export const said: string = 'hello';\n`);
    await write(
      'tools/say.ts',
      `import { said } from '@app/said';\nconsole.log(said);\n`,
    );
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is made once, also where two ask at a time', async () => {
    const [first, second] = await Promise.all([bundle(), bundle()]);
    expect(second).toBe(first);
    expect(await run(first)).toBe('hello\n');
  });

  it('is another where any source has changed', async () => {
    const before = await bundle();
    await write('libs/said.ts', `export const said: string = 'bye';\n`);
    const after = await bundle();
    expect(after).not.toBe(before);
    expect(await run(after)).toBe('bye\n');
  });

  it('may be of a part that runs by itself', async () => {
    await mkdir(join(root, 'tools', 'say'));
    await write('tools/say/part.ts', `console.log('a part');\n`);
    expect(await run(await bundleOf(root, 'say/part'))).toBe('a part\n');
  });

  it('names the sources where it fails', async () => {
    await write(
      'libs/said.ts',
      `export const said = undefined;\n\nthrow new Error('wrong');\n`,
    );
    await expect(run(await bundle())).rejects.toMatchObject({
      stderr: expect.stringContaining(
        `${join(root, 'libs/said.ts')}:3:7`,
      ) as string,
    });
  });

  function bundle(): Promise<string> {
    return bundleOf(root, 'say');
  }

  function write(file: string, text: string): Promise<void> {
    return writeFile(join(root, file), text);
  }

  async function run(file: string): Promise<string> {
    const args = ['--enable-source-maps', file];
    return (await execute(process.execPath, args)).stdout;
  }
});
