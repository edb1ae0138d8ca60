import { connect, createServer } from 'node:net';
import { UserError } from '../support/cli.js';

const HOST = '127.0.0.1';

/**
 * @param option the option that chooses another port, as typed
 * @throws UserError naming the option where another program has the port
 */
export async function assertPortFree(
  port: number,
  option: string,
): Promise<void> {
  // Where only the wildcard address is bound, some systems let us bind 127.0.0.1: so ask both ways.
  if ((await accepts(port)) || !(await canListen(port)))
    throw new UserError(
      `Port ${port} is taken: stop what listens there, or choose another port with ${option}.`,
    );
}

/** A port that nothing listens on now. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new UserError(`Port ${port}: ${error.message}.`));
    });
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
