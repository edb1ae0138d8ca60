import { parseArgs } from 'node:util';
import { migrate } from '@app/ledger/postgres';

const HELP = `Usage: npm run migrate

Brings the database at DATABASE_URL to the current schema; does nothing where it is there already.

Environment:
  DATABASE_URL  PostgreSQL, e.g. postgres://postgres@127.0.0.1:5433/ledger
  SHARD_COUNT   number of shards, fixed when the database is made (default 64)
`;

const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
if (values.help) {
  process.stdout.write(HELP);
} else {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write(
      'DATABASE_URL is not set: say which database to migrate.\n',
    );
    process.exit(2);
  }
  const ran = await migrate(databaseUrl, {
    shardCount: Number(process.env.SHARD_COUNT ?? 64),
  });
  process.stdout.write(
    ran.length ? `migrated: ${ran.join(', ')}\n` : 'the schema is current\n',
  );
}
