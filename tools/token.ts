import { existsSync } from 'node:fs';
import { CALLER_ROLES } from '@app/platform';
import { DataFolder } from './stack/data-folder.js';
import { parseTokenBearer } from './stack/token-bearer.js';
import { mintToken } from './stack/token-key.js';
import { runCommand, UserError } from './support/cli.js';
import { shortPath } from './support/paths.js';

const USAGE = `Usage: npm run --silent token -- --role <role> [--merchant <id>] [--for <time>] [--subject <name>]

Prints a token that the api of npm start takes, signed with the key of its data folder. The api of a production
takes none of them.

Options:
  --role <role>     ${CALLER_ROLES.join(', ')}
  --merchant <id>   whose data a merchant may see
  --for <time>      how long it is good: 90s, 15m (the default), 8h; a day at most
  --subject <name>  who it is for, in the record of changes; by default the merchant, or the role
  -h, --help        this help

Example:
  curl -H "authorization: Bearer $(npm run --silent token -- --role auditor)" \\
    http://127.0.0.1:3000/v1/ledger/trial-balance

Environment:
  DATA_DIR  the data folder of npm start (default .data)
`;

await runCommand(
  {
    usage: USAGE,
    options: {
      role: { type: 'string' },
      merchant: { type: 'string' },
      for: { type: 'string', default: '15m' },
      subject: { type: 'string' },
    },
  },
  async (values) => {
    const bearer = parseTokenBearer(values);
    const { tokens } = new DataFolder(process.env.DATA_DIR);
    if (!existsSync(tokens))
      throw new UserError(
        `There is no key in ${shortPath(tokens)}: run npm start first, or set DATA_DIR.`,
      );
    process.stdout.write(`${await mintToken(tokens, bearer)}\n`);
  },
);
