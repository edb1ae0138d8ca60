import { HttpException, HttpStatus } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from '@app/ledger/postgres';
import type { DryRunOptions, DryRunResult } from '@app/programs';
import { dryRunOverActivity } from '@app/programs/postgres';
import { ProblemException } from '@app/platform';
import { clientClosedRequest } from '../http/client-presence.js';
import { explainFailure } from '../read-model/explain-failure.js';

/** They take the processor from everybody else. */
const DRY_RUNS_MAX = 1;

export interface DryRunLimits {
  /** The longest that a run may take. */
  deadlineMs: number;
}

/** Runs drafts over recorded activity: for as long as the client waits, and no longer than the limit. */
export class DryRuns implements OnApplicationShutdown {
  #running = 0;

  /** @param pool acts as a role that may read activity, and writes nothing */
  constructor(
    private readonly pool: Pool,
    private readonly limits: DryRunLimits,
  ) {}

  /** @throws ProblemException 503 `too-many-dry-runs`, `deadline-exceeded` or `database-unavailable` */
  async run(options: DryRunOptions, gone: AbortSignal): Promise<DryRunResult> {
    if (this.#running >= DRY_RUNS_MAX)
      throw new ProblemException({
        kind: 'too-many-dry-runs',
        status: HttpStatus.SERVICE_UNAVAILABLE,
        detail: 'Another draft is being run; try again later.',
      });
    this.#running += 1;
    const { deadlineMs } = this.limits;
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      return await dryRunOverActivity(this.pool, {
        ...options,
        signal: AbortSignal.any([gone, deadline]),
        statementTimeoutMs: deadlineMs,
      });
    } catch (error) {
      if (gone.aborted) throw clientClosedRequest(error);
      if (deadline.aborted) throw tooLong(deadlineMs);
      if (error instanceof HttpException) throw error;
      throw explainFailure(error, (error as { code?: string }).code, gone);
    } finally {
      this.#running -= 1;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

function tooLong(deadlineMs: number): ProblemException {
  return new ProblemException({
    kind: 'deadline-exceeded',
    status: HttpStatus.SERVICE_UNAVAILABLE,
    detail: `It took more than ${deadlineMs / 1_000} s: give a shorter period, or run it with npm run programs -- dry-run.`,
  });
}
