import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from '@app/platform';
import { generateKey } from '@app/transparency';
import { readSealKey, sealerConfiguration } from './sealer.configuration.js';

const { signerKey } = generateKey('traffic-reward-ledger');
const REQUIRED = {
  DATABASE_URL: 'postgres://postgres@127.0.0.1:5433/ledger',
  SEAL_DIR: '/var/lib/seal',
};

const read = (variables: Record<string, string>) =>
  readSealKey(
    readConfiguration(sealerConfiguration, { ...REQUIRED, ...variables }),
  );

describe('the configuration of the sealer', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sealer-'));
    await writeFile(join(directory, 'key'), `${signerKey}\n`);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('has the key in a variable or in a file, of which the variable counts', async () => {
    const SEAL_KEY_FILE = join(directory, 'key');
    const { signer, identity } = await read({ SEAL_KEY_FILE });
    expect(identity.origin).toBe('traffic-reward-ledger');
    expect(identity.verifiers[0]!.keyHash).toBe(signer.keyHash);
    const other = generateKey('traffic-reward-ledger').signerKey;
    const both = await read({ SEAL_KEY_FILE, SEAL_KEY: other });
    expect(both.signer.keyHash).not.toBe(signer.keyHash);
  });

  it.each([
    ['no key', {}, 'Neither SEAL_KEY nor SEAL_KEY_FILE is set'],
    [
      'a file that is not there',
      { SEAL_KEY_FILE: '/nowhere/key' },
      'SEAL_KEY_FILE cannot be read: ENOENT',
    ],
    [
      'what is no key',
      { SEAL_KEY: 'secret' },
      'SEAL_KEY is wrong: the signer key does not begin with PRIVATE+KEY+.',
    ],
    [
      'the key of another log',
      { SEAL_KEY: signerKey, SEAL_ORIGIN: 'example.com/log' },
      'it is the key of traffic-reward-ledger, and not of example.com/log.',
    ],
  ])('is refused with %s, in a sentence', async (_, variables, sentence) => {
    const reading = read(variables);
    await expect(reading).rejects.toThrow(ConfigurationError);
    await expect(reading).rejects.toThrow(sentence);
  });

  it('needs a directory', () => {
    expect(() =>
      readConfiguration(sealerConfiguration, {
        DATABASE_URL: REQUIRED.DATABASE_URL,
      }),
    ).toThrow('SEAL_DIR is not set: expected the directory of the log.');
  });
});
