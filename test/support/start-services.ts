import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureKafkaJars } from '../../tools/stack/kafka-jars.js';
import { startKafka } from '../../tools/stack/kafka.js';
import { findFreePort } from '../../tools/stack/ports.js';
import { startPostgres } from '../../tools/stack/postgres.js';
import { killAllDaemons } from '../../tools/stack/daemon.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser of a PostgreSQL that runs for the tests; make a database of your own, see `createDatabase`. */
    postgresUrl: string;
    /** Brokers of a Kafka that runs for the tests, as `KAFKA_BROKERS` takes them. */
    kafkaBrokers: string;
    /** The directory of Kafka's jars. */
    kafkaLibDir: string;
  }
}

/** Starts one PostgreSQL and one Kafka for a run of the integration tests; both go when it ends. */
export default async function startServices(
  project: TestProject,
): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-test-'));
  const locate = (name: string) => ({
    dir: join(dir, name),
    logFile: join(dir, `${name}.log`),
    pidFile: join(dir, `${name}.pid`),
  });
  process.once('exit', killAllDaemons);
  const libDir = await ensureKafkaJars((what) =>
    project.vitest.logger.log(what),
  );
  const [postgres, kafka] = await Promise.all([
    findFreePort().then((port) =>
      startPostgres({ ...locate('postgres'), port }),
    ),
    findFreePort().then((port) =>
      startKafka({ ...locate('kafka'), port, libDir }),
    ),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('kafkaBrokers', kafka.brokers);
  project.provide('kafkaLibDir', libDir);
  return async () => {
    await Promise.all([postgres.stop(), kafka.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
}
