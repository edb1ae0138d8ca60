import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { LOG_LEVELS } from './configuration.js';

/**
 * Lines for people on a terminal, JSON for machines everywhere else.
 *
 * @param level the least important level that is logged
 */
export function createLogger(level: LogLevel = 'log'): ConsoleLogger {
  return new ConsoleLogger({
    json: !process.stdout.isTTY,
    logLevels: LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(level) + 1),
  });
}
