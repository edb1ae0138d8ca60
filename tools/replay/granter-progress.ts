import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'pg';
import { TOPICS } from '@app/contracts';
import {
  countLag,
  readTopicEnds,
  type LogEnds,
  type WriterPosition,
} from '../stack/counts.js';
import { UserError } from '../support/cli.js';

/** The ends of the activity topic now, by partition. */
export async function readActivityEnds(kafka: Kafka): Promise<LogEnds> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return new Map([
      [TOPICS.activity, await readTopicEnds(admin, TOPICS.activity)],
    ]);
  } finally {
    await admin.disconnect();
  }
}

/**
 * @param brokers `host:port`, several parted by commas
 * @throws UserError where none answers, or the activity topic is not there
 */
export async function connectKafka(brokers: string): Promise<Kafka> {
  const kafka = new Kafka({
    clientId: 'replay',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  });
  await readActivityEnds(kafka).catch((error: Error) => {
    throw new UserError(
      `${TOPICS.activity} cannot be reached at ${brokers} (${error.message}): run npm start first, or set KAFKA_BROKERS.`,
    );
  });
  return kafka;
}

/** How far the granter has come, and what it has granted, as the ledger says. */
export class GranterProgress {
  readonly #pool: Pool;

  constructor(databaseUrl: string) {
    this.#pool = new Pool({
      connectionString: databaseUrl,
      application_name: 'replay',
      max: 1,
    });
    this.#pool.on('error', () => undefined);
  }

  /** @throws UserError where there is no ledger */
  async check(): Promise<void> {
    await this.readGranted().catch((error: Error) => {
      throw new UserError(
        `The ledger cannot be read (${error.message}): run npm start first, or set DATABASE_URL.`,
      );
    });
  }

  /** How many messages before these ends it has still to take. */
  async lagBehind(ends: LogEnds): Promise<bigint> {
    const { rows } = await this.#pool.query<WriterPosition>(
      `SELECT shard, consumed FROM shard_head WHERE journal = 'grants'`,
    );
    return countLag(ends, rows);
  }

  /** All that was ever granted, by unit. */
  async readGranted(): Promise<Map<string, bigint>> {
    const { rows } = await this.#pool.query<{ unit: string; amount: string }>(`
      SELECT unit, sum(amount)::text AS amount FROM shard_balance
      WHERE journal = 'grants' AND account <> 'issuance' AND account NOT LIKE 'pool:%' AND account NOT LIKE 'leased:%'
      GROUP BY unit ORDER BY unit`);
    return new Map(rows.map(({ unit, amount }) => [unit, BigInt(amount)]));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
