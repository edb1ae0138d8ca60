import { z } from 'zod';
import {
  ConfigurationError,
  port,
  readConfiguration,
  serviceConfiguration,
} from './configuration.js';

const COMPLETE = {
  DATABASE_URL: 'postgres://user:secret@host:5432/ledger',
  KAFKA_BROKERS: 'one:9092,two:9092',
};

describe('readConfiguration', () => {
  it('reads what is set and fills in the rest, also for what is empty', () => {
    const environment = { ...COMPLETE, HEALTH_PORT: '8080', HEALTH_HOST: '' };
    expect(readConfiguration(serviceConfiguration, environment)).toEqual({
      DATABASE_URL: COMPLETE.DATABASE_URL,
      KAFKA_BROKERS: ['one:9092', 'two:9092'],
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: 8080,
      LOG_LEVEL: 'log',
    });
  });

  it.each([
    [
      { DATABASE_URL: '' },
      'DATABASE_URL is not set: expected a PostgreSQL URL, e.g. postgres://user@host:5432/ledger.',
    ],
    [
      { KAFKA_BROKERS: 'one' },
      'KAFKA_BROKERS is "one": expected Kafka brokers, e.g. localhost:9092 or one:9092,two:9092.',
    ],
    [
      { HEALTH_PORT: '70000' },
      'HEALTH_PORT is "70000": expected a port from 0 to 65535.',
    ],
    [
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL is "loud": expected one of fatal, error, warn, log, debug, verbose.',
    ],
  ])('says of %j in one sentence what is wrong', (wrong, sentence) => {
    const read = () =>
      readConfiguration(serviceConfiguration, { ...COMPLETE, ...wrong });
    expect(read).toThrow(new ConfigurationError(sentence));
  });

  it('keeps passwords out of the sentence', () => {
    const DATABASE_URL = 'mysql://user:secret@host/ledger';
    const read = () =>
      readConfiguration(serviceConfiguration, { ...COMPLETE, DATABASE_URL });
    expect(read).toThrow(/^DATABASE_URL is wrong: expected a PostgreSQL URL/);
  });

  it.each(['-1', '1.5', '0x10', '1e3', ' 80', 'http'])(
    'takes %j for no port',
    (text) => {
      const schema = z.object({ PORT: port });
      expect(() => readConfiguration(schema, { PORT: text })).toThrow(
        ConfigurationError,
      );
    },
  );
});
