import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { activityContract, readEvent, shardOf, TOPICS } from '@app/contracts';
import { asyncApiDocument } from '@app/contracts/asyncapi';
import { readTopic } from '../test/support/read-topic.js';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../test/support/topics.js';
import { buildContracts } from './support/build-contracts.js';
import { ROOT } from './support/paths.js';

const run = promisify(execFile);
const SHARDS = 5;
const PACKAGE = '@traffic-reward-ledger/contracts';
/** What the package depends on, installed as it is here, so that no registry is needed. */
const DEPENDENCIES = [
  'zod',
  'canonicalize',
  'kafkajs',
  '@types/node',
  'undici-types',
].map((name) => join(ROOT, 'node_modules', name));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

describe('the package for publishing services', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ledger-publisher-'));
    await writeJson('package.json', { private: true, type: 'module' });
    await run(
      'npm',
      [
        'install',
        '--offline',
        '--install-links',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        await buildContracts(),
        ...DEPENDENCIES,
      ],
      { cwd: folder },
    );
    await cp(installed('examples/publish.ts'), join(folder, 'publish.ts'));
    await cp(
      join(ROOT, 'libs/contracts/test/consumer/refused-by-types.ts'),
      join(folder, 'refused-by-types.ts'),
    );
    await writeJson('tsconfig.json', {
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        types: ['node'],
        outDir: 'built',
      },
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is compiled against, libraries checked: its example with no error, misuse with those that it should have', async () => {
    const { stdout } = await run(process.execPath, [TSC], { cwd: folder });
    expect(stdout).toBe('');
  });

  describe('with a broker', () => {
    haveSystemTopicsAlone();

    it('publishes to Kafka by its example, and says what it refuses', async () => {
      const brokers = inject('kafkaBrokers');
      await recreateTopics(brokers, SHARDS);
      const { stdout } = await run(process.execPath, ['built/publish.js'], {
        cwd: folder,
        env: { ...process.env, KAFKA_BROKERS: brokers },
      });
      expect(stdout).toMatch(
        /^published o-\S+\/paid and o-\S+\/refunded\nrefused ads.spent ads-1: data.amountMinor: Too small.*\n$/,
      );
      const messages = await readTopic(brokers, TOPICS.activity);
      const events = messages.map((message) => {
        const read = readEvent(activityContract, message);
        return read.ok ? read.event : read;
      });
      expect(events).toMatchObject([
        {
          type: 'order.paid',
          merchantId: 'm-42',
          data: { amountMinor: 12_900 },
        },
        { type: 'order.refunded', data: { returnFreightMinor: 800 } },
      ]);
      for (const { key, partition } of messages) {
        expect(String(key)).toBe('m-42');
        expect(partition).toBe(shardOf('m-42', SHARDS));
      }
    });
  });

  it('brings the AsyncAPI document', async () => {
    const found = createRequire(join(folder, 'publish.js')).resolve(
      `${PACKAGE}/asyncapi.json`,
    );
    expect(JSON.parse(await readFile(found, 'utf8'))).toEqual(
      asyncApiDocument(),
    );
  });

  function installed(path: string): string {
    return join(folder, 'node_modules', PACKAGE, path);
  }

  function writeJson(name: string, value: unknown): Promise<void> {
    return writeFile(join(folder, name), JSON.stringify(value));
  }
});
