import { randomUUID } from 'node:crypto';
import {
  Catch,
  HttpException,
  HttpStatus,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ProblemException, toProblem, type Problem } from './problem.js';

/** Answers every error as `application/problem+json`, and logs those that are the service's own. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('Problem');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const [request, response] = host.getArgs<[unknown, unknown]>();
    const problem = toProblem(exception, `urn:uuid:${randomUUID()}`);
    this.#log(
      exception,
      problem,
      `${httpAdapter.getRequestMethod(request)} ${httpAdapter.getRequestUrl(request)}`,
    );
    if (httpAdapter.isHeadersSent(response)) {
      httpAdapter.end(response);
      return;
    }
    if (exception instanceof ProblemException)
      for (const [name, value] of Object.entries(exception.headers))
        httpAdapter.setHeader(response, name, value);
    httpAdapter.setHeader(
      response,
      'content-type',
      'application/problem+json; charset=utf-8',
    );
    httpAdapter.reply(response, problem, problem.status);
  }

  #log(exception: unknown, problem: Problem, request: string): void {
    const { status, detail, instance } = problem;
    const line = `${status} to ${request}: ${detail} ${instance}`;
    if (status < HttpStatus.INTERNAL_SERVER_ERROR) this.#logger.debug(line);
    // What an exception that was made for the client came from says more than the exception itself.
    else if (exception instanceof HttpException)
      this.#logger.error(line, stackOf(exception.cause));
    else this.#logger.error(line, stackOf(exception));
  }
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
