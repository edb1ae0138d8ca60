import { DuckDBInstance } from '@duckdb/node-api';

/** Runs SQL with DuckDB, a reader of Parquet that is not ours; integers come as bigint or number, NULL as null. */
export async function queryDuckDb(
  sql: string,
): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjects();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
