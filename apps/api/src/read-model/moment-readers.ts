import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from '@app/ledger/postgres';
import { clientClosedRequest, clientGone } from '../http/client-presence.js';
import { cancelledBy, type CancellableConnection } from './cancel-query.js';
import { databaseUnavailable, explainFailure } from './explain-failure.js';

/** Reads the database with functions of the libraries, each time as it was at one moment. */
abstract class MomentReader implements OnApplicationShutdown {
  /**
   * @param pool whose connections read and do nothing else
   * @param shards all there are
   */
  constructor(
    private readonly pool: Pool,
    readonly shards: readonly number[],
  ) {}

  /**
   * Runs `work` in a transaction in which every query sees the same state, for as long as the client that asks is
   * there.
   *
   * @throws ProblemException 503 `database-unavailable` or `deadline-exceeded`
   */
  async read<Result>(
    work: (db: PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const gone = clientGone();
    let client: PoolClient & CancellableConnection;
    try {
      client = (await this.pool.connect()) as typeof client;
    } catch (error) {
      throw databaseUnavailable(error);
    }
    let broken = false;
    try {
      if (gone?.aborted) throw clientClosedRequest();
      await client.query('BEGIN');
      return await cancelledBy(gone, client, () => work(client));
    } catch (error) {
      throw isOfDatabase(error)
        ? explainFailure(error, (error as { code?: string }).code)
        : error;
    } finally {
      // It has only read: how that ends makes no difference.
      await client.query('ROLLBACK').catch(() => (broken = true));
      client.release(broken);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** Reads the auditors' views. */
export class AuditReader extends MomentReader {}

/** Reads the tables that merchants are answered from, also those that no auditor has a view of. */
export class MerchantReader extends MomentReader {}

/** Whether an error came from the server, or because the connection to it broke. */
function isOfDatabase(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { severity, code } = error as { severity?: string; code?: string };
  return (
    severity !== undefined ||
    ['ECONNRESET', 'EPIPE', 'ECONNREFUSED'].includes(code ?? '') ||
    /connection (was )?terminated/i.test(error.message)
  );
}
