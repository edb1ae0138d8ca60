import { Logger } from '@nestjs/common';
import { Kafka, logLevel, type LogEntry, type RetryOptions } from 'kafkajs';

/** For services that would rather wait for a broker than fail. */
const PATIENT: RetryOptions = {
  initialRetryTime: 300,
  maxRetryTime: 10_000,
  retries: 10,
};

/** A Kafka client that logs where everything else does. */
export function createKafka(
  clientId: string,
  brokers: readonly string[],
  retry: RetryOptions = PATIENT,
): Kafka {
  const logger = new Logger('Kafka');
  return new Kafka({
    clientId,
    brokers: [...brokers],
    retry,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log }: LogEntry) => {
        const text = [log.message, log.error].filter(Boolean).join(': ');
        if (level === logLevel.ERROR) logger.error(text);
        else if (level === logLevel.WARN) logger.warn(text);
      },
  });
}
