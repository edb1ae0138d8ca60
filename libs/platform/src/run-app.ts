import { Logger, type INestApplicationContext } from '@nestjs/common';
import { ConfigurationError } from './configuration.js';
import { describeError } from './describe-error.js';

const STOP_DEADLINE_MS = 10_000;

/**
 * Runs a service until it is told to stop: by SIGTERM or SIGINT, or because the process that started it
 * is gone. Then it closes in order within ten seconds and ends with status 0. A wrong configuration ends
 * it with one sentence and status 2, any other failure with status 1.
 */
export async function runApp(
  start: () => Promise<INestApplicationContext>,
): Promise<void> {
  const logger = new Logger('App');
  let app: INestApplicationContext | undefined;
  let stopping = false;

  const stop = async (why: string, status: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.log(`stopping: ${why}`);
    setTimeout(() => {
      logger.error(`not closed within ${STOP_DEADLINE_MS} ms`);
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    try {
      await app?.close();
      process.exit(status);
    } catch (error) {
      logger.error(`not closed in order: ${describeError(error)}`);
      process.exit(1);
    }
  };
  process.once('SIGTERM', () => void stop('SIGTERM', 0));
  process.once('SIGINT', () => void stop('SIGINT', 0));
  // Only where an IPC channel to the parent exists.
  process.once('disconnect', () => void stop('the parent is gone', 0));
  // Rejections that nothing handles come here too.
  process.on('uncaughtException', (error) => {
    logger.fatal(error.stack ?? String(error));
    void stop('an error that nothing handled', 1);
  });

  try {
    app = await start();
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exit(error instanceof ConfigurationError ? 2 : 1);
  }
}
