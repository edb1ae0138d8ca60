import { parsePeriod, PeriodError, type Period } from '@app/promotion';
import { UsageError } from '../support/cli.js';

/**
 * Reads days of Asia/Shanghai from `--from` and `--to`.
 *
 * @throws UsageError naming the option
 */
export function parseLocalPeriod(
  options: { from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Period {
  try {
    return parsePeriod(options, nowMs);
  } catch (error) {
    if (!(error instanceof PeriodError)) throw error;
    const { field, value, expected } = error;
    throw new UsageError(`--${field} is "${value}": ${expected}.`);
  }
}
