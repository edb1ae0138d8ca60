import type { PoolClient } from 'pg';
import {
  QueryFailedError,
  QueryRunnerProviderAlreadyReleasedError,
  type DataSource,
  type EntityManager,
} from 'typeorm';
import { cancelledBy, type CancellableConnection } from './cancel-query.js';
import { databaseUnavailable, explainFailure } from './explain-failure.js';

/** Reads the ledger, each time as it was at one moment. */
export class LedgerReader {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in a transaction in which every query sees the same state and none can change it.
   *
   * @param gone cancels what is asked then
   * @throws ProblemException 503 `database-unavailable` or `deadline-exceeded`
   */
  async read<Result>(
    work: (manager: EntityManager) => Promise<Result>,
    gone?: AbortSignal,
  ): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    let connection: CancellableConnection;
    try {
      connection = (await runner.connect()) as PoolClient &
        CancellableConnection;
    } catch (error) {
      throw databaseUnavailable(error);
    }
    try {
      return await cancelledBy(gone, connection, () =>
        runner.manager.transaction(work),
      );
    } catch (error) {
      throw explain(error, gone);
    } finally {
      await runner.release();
    }
  }
}

function explain(error: unknown, gone: AbortSignal | undefined): unknown {
  // A connection that broke between two queries: TypeORM has let go of it by the second.
  if (error instanceof QueryRunnerProviderAlreadyReleasedError)
    return databaseUnavailable(error);
  if (!(error instanceof QueryFailedError)) return error;
  const { code } = error.driverError as { code?: string };
  return explainFailure(error, code, gone);
}
