import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSignerKey, parseVerifierKey } from '@app/transparency';
import { ensureSealKey, SEAL_ORIGIN } from './seal-key.js';

describe('the key of the log', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'seal-key-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is made once, for its owner alone, with its public half beside it', async () => {
    const path = await ensureSealKey(join(directory, 'seal'));
    const key = (await readFile(path, 'utf8')).trim();
    const publicKey = (await readFile(`${path}.pub`, 'utf8')).trim();
    const signer = parseSignerKey(key);
    expect(signer.name).toBe(SEAL_ORIGIN);
    expect(parseVerifierKey(publicKey).keyHash).toBe(signer.keyHash);
    expect((await stat(path)).mode & 0o777).toBe(0o600);

    await rm(`${path}.pub`);
    expect(await ensureSealKey(join(directory, 'seal'))).toBe(path);
    expect((await readFile(path, 'utf8')).trim()).toBe(key);
    expect((await readFile(`${path}.pub`, 'utf8')).trim()).toBe(publicKey);
  });
});
