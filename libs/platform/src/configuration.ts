import type { LogLevel } from '@nestjs/common';
import { z } from 'zod';

/** The environment does not say what a program needs: the message is one sentence for its operator. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

/** Variables whose values may hold a password, and so never come into a message. */
const SECRET = /URL|PASSWORD|SECRET|TOKEN|KEY/;
/** A longer value would hide the sentence that it is in. */
const SHOWN_LENGTH_MAX = 80;

/**
 * Reads configuration from environment variables. An empty variable counts as one that is not set.
 *
 * @throws ConfigurationError naming the first variable that is wrong and what was expected
 */
export function readConfiguration<Schema extends z.ZodType>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): z.output<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const variable = issue!.path.join('.');
  const isWhole = issue!.path.length === 1;
  const value = given[variable];
  const found =
    isWhole && value === undefined
      ? 'is not set'
      : SECRET.test(variable) || !isWhole || value!.length > SHOWN_LENGTH_MAX
        ? 'is wrong'
        : `is "${value}"`;
  throw new ConfigurationError(`${variable} ${found}: ${issue!.message}.`);
}

const DATABASE_URL_EXPECTED =
  'expected a PostgreSQL URL, e.g. postgres://user@host:5432/ledger';

/** `postgres://user@host:port/database` */
export const databaseUrl = z
  .string(DATABASE_URL_EXPECTED)
  .regex(/^postgres(ql)?:\/\/\S+$/, DATABASE_URL_EXPECTED);

const BROKERS_EXPECTED =
  'expected Kafka brokers, e.g. localhost:9092 or one:9092,two:9092';

/** `host:port`, several parted by commas. */
export const kafkaBrokers = z
  .string(BROKERS_EXPECTED)
  .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, BROKERS_EXPECTED)
  .transform((text) => text.split(','));

const PORT_EXPECTED = 'expected a port from 0 to 65535';

/** A TCP port; 0 lets the system choose. */
export const port = z
  .string(PORT_EXPECTED)
  .regex(/^\d{1,5}$/, PORT_EXPECTED)
  .transform(Number)
  .pipe(z.int().max(65_535, PORT_EXPECTED));

/** From the quietest to the most talkative; each includes those ahead of it. */
export const LOG_LEVELS = [
  'fatal',
  'error',
  'warn',
  'log',
  'debug',
  'verbose',
] as const satisfies LogLevel[];

/** The least important level that is logged. */
export const logLevel = z.enum(
  LOG_LEVELS,
  `expected one of ${LOG_LEVELS.join(', ')}`,
);

/** What every service is configured with. */
export const serviceConfiguration = z.object({
  DATABASE_URL: databaseUrl,
  KAFKA_BROKERS: kafkaBrokers,
  /** Where health and metrics are served. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: port.default(0),
  LOG_LEVEL: logLevel.default('log'),
});

export type ServiceConfiguration = z.output<typeof serviceConfiguration>;
