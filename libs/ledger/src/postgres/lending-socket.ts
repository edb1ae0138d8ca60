import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';

const READ_BYTES = 1 << 18;

const lenders = new WeakSet<Socket>();

/**
 * A socket that reads into the same bytes again and again: bytes of their own for each read of millions would be
 * collected as garbage all the time. Listeners get a copy, unless the socket is told to {@link lend}.
 */
export function lendingSocket(): Socket {
  const options: SocketConstructorOpts & { onread: OnReadOpts } = {
    onread: {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (length, buffer) => {
        const bytes = (buffer as Buffer).subarray(0, length);
        socket.emit('data', lenders.has(socket) ? bytes : Buffer.from(bytes));
        return true;
      },
    },
  };
  const socket = new Socket(options);
  return socket;
}

/** From now on, or no longer, listeners are done with the bytes when they return. No effect on other sockets. */
export function lend(socket: Socket, isLending: boolean): void {
  if (isLending) lenders.add(socket);
  else lenders.delete(socket);
}
