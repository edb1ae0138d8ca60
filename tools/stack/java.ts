import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../support/cli.js';

const run = promisify(execFile);

const LEAST_JAVA = 17;
const OTHERWISE = 'or use `docker compose up`, or set KAFKA_BROKERS';

/** Where Java is: `JAVA_HOME` if set, else on the path. */
export function javaCommand(environment = process.env): string {
  const { JAVA_HOME } = environment;
  const inHome = JAVA_HOME && join(JAVA_HOME, 'bin', 'java');
  return inHome && existsSync(inHome) ? inHome : 'java';
}

/** The major version in what `java -version` prints: 17 of `"17.0.15"`, 8 of `"1.8.0_292"`; null where there is none. */
export function parseJavaVersion(text: string): number | null {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return null;
  return Number(first === '1' ? second : first);
}

/** @throws UserError saying what to install where Java is missing or too old for Kafka */
export async function assertJava(): Promise<void> {
  const printed = await run(javaCommand(), ['-version']).catch(() => null);
  const version = printed && parseJavaVersion(printed.stderr);
  if (version === null)
    throw new UserError(
      `Kafka needs Java, and none is here: install Java ${LEAST_JAVA} or later, ${OTHERWISE}.`,
    );
  if (version < LEAST_JAVA)
    throw new UserError(
      `Kafka needs a newer Java than ${version}: install Java ${LEAST_JAVA} or later, ${OTHERWISE}.`,
    );
}

/** @throws UserError saying what to install where Maven is missing */
export async function assertMaven(): Promise<void> {
  await run('mvn', ['--version']).catch(() => {
    throw new UserError(
      `Kafka is fetched through Maven, and none is here: install Maven, ${OTHERWISE}.`,
    );
  });
}
