import { createServer } from 'node:net';
import { assertPortFree, findFreePort } from './ports.js';

describe('assertPortFree', () => {
  it('accepts a port that nobody listens on', async () => {
    await assertPortFree(await findFreePort(), '--api-port');
  });

  it.each(['127.0.0.1', '0.0.0.0'])(
    'names the port and the option where another program listens on %s',
    async (host) => {
      const port = await findFreePort();
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(port, host, resolve));
      try {
        await expect(assertPortFree(port, '--api-port')).rejects.toThrow(
          `Port ${port} is taken: stop what listens there, or choose another port with --api-port.`,
        );
      } finally {
        server.close();
      }
    },
  );
});
