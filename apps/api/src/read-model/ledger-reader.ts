import { HttpStatus } from '@nestjs/common';
import {
  QueryFailedError,
  QueryRunnerProviderAlreadyReleasedError,
  type DataSource,
  type EntityManager,
} from 'typeorm';
import { ProblemException } from '@app/platform';

/** SQLSTATE of a statement that was cancelled, here by its deadline. */
const QUERY_CANCELED = '57014';
/** Classes of SQLSTATE that say that the server cannot serve now: connection, resources, intervention. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);

/** Reads the ledger, each time as it was at one moment. */
export class LedgerReader {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction in which every query sees the same state and none can change it.
   *
   * @throws ProblemException 503 `database-unavailable` or `deadline-exceeded`
   */
  async read<Result>(
    work: (manager: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.connect();
    } catch (error) {
      throw databaseUnavailable(error);
    }
    try {
      return await runner.manager.transaction(work);
    } catch (error) {
      throw explain(error);
    } finally {
      await runner.release();
    }
  }
}

function explain(error: unknown): unknown {
  // A connection that broke between two queries: TypeORM has let go of it by the second.
  if (error instanceof QueryRunnerProviderAlreadyReleasedError)
    return databaseUnavailable(error);
  if (!(error instanceof QueryFailedError)) return error;
  const { code: sqlState } = error.driverError as { code?: string };
  if (sqlState === QUERY_CANCELED)
    return new ProblemException({
      kind: 'deadline-exceeded',
      status: HttpStatus.SERVICE_UNAVAILABLE,
      detail: 'The database took too long.',
      cause: error,
    });
  // A connection that breaks has no SQLSTATE to tell.
  if (!sqlState || UNAVAILABLE_CLASSES.has(sqlState.slice(0, 2)))
    return databaseUnavailable(error);
  return error;
}

function databaseUnavailable(cause: unknown): ProblemException {
  return new ProblemException({
    kind: 'database-unavailable',
    status: HttpStatus.SERVICE_UNAVAILABLE,
    detail: 'The database does not answer.',
    cause,
  });
}
