import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKPOINT_PATH } from '@app/transparency';
import { startService } from './bench/api/service.js';
import { onTemporaryPostgres } from './bench/temporary-postgres.js';
import { grantToMerchants } from './fuzz/grant-to-merchants.js';
import { leaveNothingRunning } from './stack/daemon.js';
import { ensureKafkaJars } from './stack/kafka-jars.js';
import { startKafka } from './stack/kafka.js';
import { findFreePort } from './stack/ports.js';
import { ensureSealKey } from './stack/seal-key.js';
import { ensureTokenIssuer, mintToken } from './stack/token-key.js';
import { createTopics } from './stack/topics.js';
import { ensureAppsBuilt, entryOf } from './support/build-apps.js';
import { runCommand, UserError } from './support/cli.js';
import { parseCount } from './support/parse-count.js';
import { runInForeground } from './support/run-program.js';

const USAGE = `Usage: npm run fuzz:api -- [options]

Calls every operation of the OpenAPI document, but the one whose answer has no end, with what Schemathesis
(https://schemathesis.readthedocs.io) makes up, good and bad, as an auditor, as a merchant, as an operator, as an
approver and as a service, against the api on a PostgreSQL, a Kafka and a sealed log of its own. Fails on a server error,
on an answer that the document does not know, and on an answer to somebody without a token.

Options:
  --schemathesis <file>  its program; default st
  --examples <number>    of each operation, for each role; default 50
  --seed <number>        makes up the same again
  -h, --help             this help
`;

const SHARD_COUNT = 64;
const MERCHANT_IDS = Array.from({ length: 500 }, (_, i) => `merchant-${i}`);
const TOKEN_SECONDS = 3_600;
const SEALED_WITHIN_MS = 60_000;
const ROLES = [
  'auditor',
  'merchant',
  'operator',
  'approver',
  'service',
] as const;

/** What no schema says is refused too, e.g. a moment that has not come: that good data are taken is not asked for. */
const CHECKS_LEFT_OUT = ['positive_data_acceptance'];
/** It has no end. */
const ENDLESS_OPERATION = 'followEntries';

await runCommand(
  {
    usage: USAGE,
    options: {
      schemathesis: { type: 'string', default: 'st' },
      examples: { type: 'string', default: '50' },
      seed: { type: 'string' },
    },
  },
  async ({ schemathesis, examples, seed }) => {
    const perOperation = parseCount('examples', examples, 1);
    assertInstalled(schemathesis);
    leaveNothingRunning();
    await ensureAppsBuilt(say);
    const folder = await mkdtemp(join(tmpdir(), 'fuzz-api-'));
    try {
      return await onTemporaryPostgres(async (databaseUrl) => {
        await grantToMerchants(databaseUrl, MERCHANT_IDS, SHARD_COUNT);
        const kafka = await startKafka({
          dir: join(folder, 'kafka'),
          logFile: join(folder, 'kafka.log'),
          pidFile: join(folder, 'kafka.pid'),
          port: await findFreePort(),
          libDir: await ensureKafkaJars(say),
        });
        await createTopics(kafka.brokers, SHARD_COUNT);
        const tokens = join(folder, 'tokens');
        const sealDir = join(folder, 'seal');
        const sealer = await startService(
          [entryOf('sealer')],
          {
            DATABASE_URL: databaseUrl,
            SEAL_DIR: sealDir,
            SEAL_KEY_FILE: await ensureSealKey(sealDir),
            LOG_LEVEL: 'error',
          },
          'HEALTH_PORT',
        );
        const api = await startService([entryOf('api')], {
          LOG_DIR: join(sealDir, 'log'),
          AUTH_ISSUERS: JSON.stringify([await ensureTokenIssuer(tokens)]),
          DATABASE_URL: databaseUrl,
          KAFKA_BROKERS: kafka.brokers,
          API_REQUESTS_PER_MINUTE_PER_ADDRESS: '0',
          API_REQUESTS_PER_MINUTE_PER_TOKEN: '0',
          LOG_LEVEL: 'error',
        });
        try {
          await untilSealed(join(sealDir, 'log'));
          const args = [
            'run',
            `${api.url}/openapi.json`,
            '--checks=all',
            `--exclude-checks=${CHECKS_LEFT_OUT.join(',')}`,
            `--exclude-operation-id=${ENDLESS_OPERATION}`,
            `--max-examples=${perOperation}`,
            '--no-color',
            ...(seed === undefined ? [] : [`--seed=${seed}`]),
          ];
          const failed: string[] = [];
          for (const role of ROLES) {
            say(`as ${role}`);
            const token = await mintToken(tokens, {
              role,
              merchantId: role === 'merchant' ? MERCHANT_IDS[0] : undefined,
              lifetimeSeconds: TOKEN_SECONDS,
            });
            const header = `--header=Authorization: Bearer ${token}`;
            if ((await runInForeground(schemathesis, [...args, header])) !== 0)
              failed.push(role);
          }
          say(failed.length > 0 ? `findings as ${failed.join(', ')}` : 'none');
          return failed.length > 0 ? 1 : 0;
        } finally {
          await api.stop();
          await sealer.stop();
          await kafka.stop();
        }
      });
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    }
  },
);

/** @throws Error where nothing is signed in time */
async function untilSealed(logDir: string): Promise<void> {
  const deadlineMs = performance.now() + SEALED_WITHIN_MS;
  while (!existsSync(join(logDir, CHECKPOINT_PATH))) {
    if (performance.now() > deadlineMs)
      throw new Error('the sealer signs nothing');
    await sleep(100);
  }
}

/** @throws UserError saying how to install it */
function assertInstalled(program: string): void {
  const { status } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  if (status !== 0)
    throw new UserError(
      `${program} cannot be run: install Schemathesis with \`pip install schemathesis\`, or say where its program is with --schemathesis.`,
    );
}

function say(what: string): void {
  process.stderr.write(`${what}\n`);
}
