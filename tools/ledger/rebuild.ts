import type { Finding } from '@app/ledger';
import type { RebuiltTable } from '@app/ledger/postgres';
import { describeError } from '@app/platform/describe-error';
import { UserError } from '../support/cli.js';
import { ProgressLine } from '../support/progress-line.js';

const NUMBER = new Intl.NumberFormat('en-US');

/**
 * Rebuilds what follows from the journals and prints what was found.
 *
 * @returns the exit status: 1 where something did not stand there as it is made
 * @throws UserError where the ledger cannot be read or written
 */
export async function rebuild(
  databaseUrl: string,
  { write, asJson }: { write: boolean; asJson: boolean },
): Promise<number> {
  // Loaded late: it takes a while to load, and wrong arguments are told without it.
  const { createPool, DERIVED_TABLES, rebuildDerivedTables } =
    await import('@app/ledger/postgres');
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-rebuild',
    maxConnections: 1,
  });
  const line = new ProgressLine(process.stderr);
  let done = 0;
  try {
    if (write) await assertJournalsAreRight(databaseUrl, line);
    const tables = await rebuildDerivedTables(pool, {
      write,
      onTable: (name) => line.show(name, done++, DERIVED_TABLES.length),
    }).catch((error: unknown) => {
      throw new UserError(
        `The ledger cannot be rebuilt, and is as it was: ${describeError(error)}.`,
      );
    });
    line.show('tables', done, DERIVED_TABLES.length);
    line.done();
    process.stdout.write(
      asJson
        ? `${JSON.stringify(tables.map(inJson), null, 2)}\n`
        : told(tables, write),
    );
    return tables.every(isIdentical) ? 0 : 1;
  } finally {
    await pool.end();
  }
}

/** What is made of a wrong entry would hide it: the traces that it has left in the tables would be gone. */
async function assertJournalsAreRight(
  databaseUrl: string,
  line: ProgressLine,
): Promise<void> {
  const { countEntries, createPool, readShardCount, firstWrongEntry } =
    await import('@app/ledger/postgres');
  const pool = createPool(databaseUrl, {
    applicationName: 'ledger-rebuild',
    maxConnections: 1,
    isForRows: true,
  });
  let wrong: Finding | null;
  try {
    const count = await readShardCount(pool);
    const shards = Array.from({ length: count }, (_, shard) => shard);
    const total = Number(await countEntries(pool, shards));
    wrong = await firstWrongEntry(pool, shards, (read) =>
      line.show('verified', read, total),
    );
    line.done();
  } catch (error) {
    throw new UserError(
      `The ledger cannot be read, and is as it was: ${describeError(error)}.`,
    );
  } finally {
    await pool.end();
  }
  if (wrong)
    throw new UserError(
      `Nothing is rebuilt, since ${wrong.problem}. What follows from a wrong entry would be wrong as well, and hide it: npm run ledger -- verify tells all, --dry-run compares.`,
    );
}

function isIdentical({ unfounded, missing }: RebuiltTable): boolean {
  return unfounded === 0n && missing === 0n;
}

function inJson({ rows, unfounded, missing, ...table }: RebuiltTable) {
  return {
    ...table,
    rows: Number(rows),
    unfounded: Number(unfounded),
    missing: Number(missing),
  };
}

function told(tables: readonly RebuiltTable[], write: boolean): string {
  const lines = tables.flatMap((table) => {
    const { name, rows, unfounded, missing, examples } = table;
    const what = `${name.padEnd(16)} ${NUMBER.format(rows)} rows`;
    return isIdentical(table)
      ? [`${what}, identical`]
      : [
          `${what}, not identical: ${NUMBER.format(unfounded)} stood there that the journals do not make, ${NUMBER.format(missing)} were missing`,
          ...examples.map((example) => `  ${example}`),
        ];
  });
  const wrong = tables.filter((table) => !isIdentical(table)).length;
  const end =
    wrong === 0
      ? 'identical'
      : `${wrong} of ${tables.length} not identical${write ? ', and put right' : ''}`;
  return `${lines.join('\n')}\n${write ? 'rebuilt' : 'compared'}: ${end}\n`;
}
