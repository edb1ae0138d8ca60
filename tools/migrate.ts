import { z } from 'zod';
import {
  ConfigurationError,
  databaseUrl,
  describeError,
  kafkaBrokers,
  readConfiguration,
} from '@app/platform';
import { runCommand, UsageError, UserError } from './support/cli.js';

const USAGE = `Usage: npm run migrate

Makes what the services stand on: the schema of the database at DATABASE_URL, and, where KAFKA_BROKERS is
set, the topics; where SEAL_DIR is set, the key that signs the log. Does nothing where all of it is there
already, and is safe to run twice at once.

Environment:
  DATABASE_URL   PostgreSQL, e.g. postgres://postgres@127.0.0.1:5433/ledger
  KAFKA_BROKERS  host:port, several parted by commas; without it no topics are made
  SEAL_DIR       the directory of the log; without it no key is made
  SEAL_ORIGIN    the name of the log (default traffic-reward-ledger)
  SHARD_COUNT    number of shards and partitions, fixed when the database is made (default 64)
`;

const MOST_SHARDS = 10_000;
const SHARDS_EXPECTED = `expected a whole number from 1 to ${MOST_SHARDS}`;

const configurationSchema = z.object({
  DATABASE_URL: databaseUrl,
  KAFKA_BROKERS: kafkaBrokers.optional(),
  SEAL_DIR: z.string().optional(),
  SEAL_ORIGIN: z.string().optional(),
  SHARD_COUNT: z
    .string(SHARDS_EXPECTED)
    .regex(/^\d{1,5}$/, SHARDS_EXPECTED)
    .transform(Number)
    .pipe(z.int().min(1, SHARDS_EXPECTED).max(MOST_SHARDS, SHARDS_EXPECTED))
    .default(64),
});

await runCommand({ usage: USAGE, options: {} }, async () => {
  const { DATABASE_URL, KAFKA_BROKERS, SEAL_DIR, SEAL_ORIGIN, SHARD_COUNT } =
    configuration();
  await migrateDatabase(DATABASE_URL, SHARD_COUNT);
  if (KAFKA_BROKERS) await makeTopics(KAFKA_BROKERS, SHARD_COUNT);
  if (SEAL_DIR) await makeSealKey(SEAL_DIR, SEAL_ORIGIN);
});

function configuration(): z.output<typeof configurationSchema> {
  try {
    return readConfiguration(configurationSchema);
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new UsageError(error.message);
    throw error;
  }
}

async function migrateDatabase(url: string, shardCount: number): Promise<void> {
  // Loaded late: TypeORM takes a second to load, and a wrong variable is told without it.
  const { migrate } = await import('@app/ledger/postgres');
  const ran = await migrate(url, { shardCount }).catch((error: unknown) => {
    throw new UserError(
      `The database cannot be migrated: ${describeError(error)}.`,
    );
  });
  process.stdout.write(
    ran.length > 0
      ? `migrated: ${ran.join(', ')}\n`
      : 'the schema is current\n',
  );
}

async function makeTopics(
  brokers: readonly string[],
  shardCount: number,
): Promise<void> {
  const { createTopics } = await import('./stack/topics.js');
  const created = await createTopics(brokers.join(','), shardCount).catch(
    (error: unknown) => {
      throw new UserError(
        `The topics cannot be created: ${describeError(error)}.`,
      );
    },
  );
  process.stdout.write(
    created.length > 0
      ? `created: ${created.join(', ')}\n`
      : 'the topics are there\n',
  );
}

async function makeSealKey(
  directory: string,
  origin: string | undefined,
): Promise<void> {
  const { ensureSealKey } = await import('./stack/seal-key.js');
  const path = await ensureSealKey(directory, origin).catch(
    (error: unknown) => {
      throw new UserError(
        `The key of the log cannot be made: ${describeError(error)}.`,
      );
    },
  );
  process.stdout.write(`the key of the log is ${path}\n`);
}
