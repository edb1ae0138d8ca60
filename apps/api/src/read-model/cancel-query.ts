import { connect } from 'node:net';

/** As much of a connection of `pg` as its server needs to know it by. */
export interface CancellableConnection {
  host: string;
  port: number;
  processID: number | null;
  secretKey: number | null;
}

/** Code of a CancelRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const CANCEL_REQUEST = 80_877_102;
const CANCEL_REQUEST_BYTES = 16;
const CONNECT_WITHIN_MS = 1_000;
/** A request that comes between two queries cancels neither: the next one is asked for as well. */
const ASKED_AGAIN_AFTER_MS = 200;

/** Runs what uses a connection, and cancels its queries, one after the other, from when the signal aborts. */
export async function cancelledBy<Result>(
  signal: AbortSignal | undefined,
  connection: CancellableConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!signal) return work();
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    cancelQuery(connection);
    timer = setInterval(() => cancelQuery(connection), ASKED_AGAIN_AFTER_MS);
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', cancel);
    clearInterval(timer);
  }
}

/** Asks the server to cancel what a connection is waiting for: best effort, and a statement has a deadline anyway. */
function cancelQuery({
  host,
  port,
  processID,
  secretKey,
}: CancellableConnection): void {
  if (processID === null || secretKey === null) return;
  const message = Buffer.alloc(CANCEL_REQUEST_BYTES);
  message.writeInt32BE(CANCEL_REQUEST_BYTES, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/')
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect(port, host);
  socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy());
  socket.on('error', () => undefined);
  socket.end(message);
}
