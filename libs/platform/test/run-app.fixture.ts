import type { INestApplicationContext } from '@nestjs/common';
import { ConfigurationError } from '../src/configuration.js';
import { runApp } from '../src/run-app.js';

const [behaviour] = process.argv.slice(2);

/** A service that tells its parent when it has started and when it was closed. */
await runApp(async () => {
  if (behaviour === 'wrong configuration')
    throw new ConfigurationError('PORT is "x": expected a port.');
  if (behaviour === 'fails to start') throw new Error('listen EADDRINUSE');
  // Keeps the process alive, as a server would.
  const server = setInterval(() => undefined, 1_000);
  if (behaviour === 'fails later')
    setTimeout(() => void Promise.reject(new Error('a bug')), 10);
  process.stdout.write('started\n');
  return {
    close: async () => {
      clearInterval(server);
      process.stdout.write('closed\n');
    },
  } as INestApplicationContext;
});
