import {
  Catch,
  Controller,
  Get,
  Inject,
  ServiceUnavailableException,
  UseFilters,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
} from '@nestjs/terminus';
import { z } from 'zod';
import { Public } from './auth/access-rule.js';
import { describeError } from './describe-error.js';
import { Operation } from './openapi/operation.js';

/** Something that must hold before a service can do its work; rejects, and says why, where it does not. */
export interface ReadyCheck {
  name: string;
  check: () => Promise<unknown>;
}

export const READY_CHECKS = Symbol('READY_CHECKS');

const CHECK_DEADLINE_MS = 3_000;

/** As `@nestjs/terminus` has it. */
const healthAnswer = z
  .looseObject({ status: z.string(), details: z.looseObject({}) })
  .meta({ id: 'Health' });

/** Answers in the form of health checks, whatever form a service gives its errors. */
@Catch(ServiceUnavailableException)
class NotReadyFilter implements ExceptionFilter<ServiceUnavailableException> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: ServiceUnavailableException, host: ArgumentsHost): void {
    this.adapterHost.httpAdapter.reply(
      host.switchToHttp().getResponse(),
      exception.getResponse(),
      exception.getStatus(),
    );
  }
}

/**
 * Whether the process is alive, and whether it can do its work: 200, or 503 with what keeps it from it.
 * A check that takes longer than three seconds counts as failed.
 */
@Controller('health')
@Public()
@UseFilters(NotReadyFilter)
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(READY_CHECKS) private readonly checks: readonly ReadyCheck[],
  ) {}

  @Get('live')
  @Operation({
    id: 'readLiveness',
    tag: 'operations',
    summary: 'Whether the process can answer',
    answers: { 200: healthAnswer },
  })
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @Operation({
    id: 'readReadiness',
    tag: 'operations',
    summary: 'Whether the service can do its work',
    answers: { 200: healthAnswer, 503: healthAnswer },
  })
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check(
      this.checks.map(
        ({ name, check }) =>
          () =>
            this.indicators
              .check(name)
              .attempt(() => settle(check))
              .withTimeout(CHECK_DEADLINE_MS),
      ),
    );
  }
}

/** Keeps what a check resolves to out of the answer, and gives its failure a message. */
async function settle(check: ReadyCheck['check']): Promise<void> {
  try {
    await check();
  } catch (error) {
    throw new Error(describeError(error), { cause: error });
  }
}
