import type { OnApplicationShutdown } from '@nestjs/common';
import type { QueryConfig, QueryResultRow } from 'pg';
import type { Pool, PoolClient } from '@app/ledger/postgres';
import { clientClosedRequest } from '../http/client-presence.js';
import { cancelledBy, type CancellableConnection } from './cancel-query.js';
import { databaseUnavailable, explainFailure } from './explain-failure.js';

const SQLSTATE_LENGTH = 5;

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
   * Runs `work` in a transaction in which every query sees the same state.
   *
   * @param gone cancels what is asked then
   * @throws ProblemException 503 `database-unavailable` or `deadline-exceeded`
   */
  async read<Result>(
    work: (db: PoolClient) => Promise<Result>,
    gone?: AbortSignal,
  ): Promise<Result> {
    return this.#withConnection(
      async (client) => {
        const [, result] = await Promise.all([
          client.query('BEGIN'),
          work(client),
        ]);
        return result;
      },
      gone,
      endTransaction,
    );
  }

  /** Like {@link read}, of a single query: it sees one state by itself, and costs one round trip. */
  async query<Row extends QueryResultRow>(
    query: QueryConfig,
    gone?: AbortSignal,
  ): Promise<Row[]> {
    const { rows } = await this.#withConnection(
      (client) => client.query<Row>(query),
      gone,
    );
    return rows;
  }

  /** @param end of what is begun on the connection; whether the connection is good for more */
  async #withConnection<Result>(
    work: (client: PoolClient) => Promise<Result>,
    gone: AbortSignal | undefined,
    end?: (client: PoolClient) => Promise<boolean>,
  ): Promise<Result> {
    let client: PoolClient & CancellableConnection;
    try {
      client = (await this.pool.connect()) as typeof client;
    } catch (error) {
      throw databaseUnavailable(error);
    }
    let isGood = true;
    try {
      if (gone?.aborted) throw clientClosedRequest();
      return await cancelledBy(gone, client, () => work(client));
    } catch (error) {
      if (!isOfDatabase(error)) throw error;
      const { code } = error as { code?: string };
      // Without the server's own code it was the connection that failed.
      isGood = code !== undefined && code.length === SQLSTATE_LENGTH;
      throw explainFailure(error, code, gone);
    } finally {
      void giveBack(client, isGood, end);
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

/** Reads the ledger's own tables for operators. */
export class OperatorReader extends MomentReader {}

/** Nobody waits for it: what was read is there. */
async function giveBack(
  client: PoolClient,
  isGood: boolean,
  end?: (client: PoolClient) => Promise<boolean>,
): Promise<void> {
  const isGoodForMore = isGood && (await (end?.(client) ?? true));
  client.release(!isGoodForMore);
}

/** It has only read: how that ends makes no difference. */
async function endTransaction(client: PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

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
