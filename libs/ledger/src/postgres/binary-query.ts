import type { Socket } from 'node:net';
import { Query, type Connection, type QueryConfig } from 'pg';
import { lend } from './lending-socket.js';
import type { PoolClient } from './pool.js';

const MESSAGE_HEAD_BYTES = 5;
const DATA_ROW = 'D'.charCodeAt(0);
const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/**
 * Asks for rows in PostgreSQL's binary format and passes them on as they come: for reading millions, since `pg` takes
 * longer to make an object of a row than its check takes, and cannot read binary.
 *
 * @param client one that sends a query when the one ahead is answered, or that has nothing else to ask meanwhile: of
 *   answers that are on their way together, it cannot tell whose is which
 * @param query with a name or values: `pg` asks for text where there are none
 * @param onRows gets whole rows, one behind the other, as `BinaryRows` reads them; the bytes are others
 *   when it has returned
 * @throws whatever the query or `onRows` throws
 */
export function queryBinary(
  client: PoolClient,
  query: QueryConfig,
  onRows: (rows: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const divider = new MessageDivider(onRows);
    const binary: QueryConfig & { binary: boolean } = {
      ...query,
      binary: true,
    };
    const request = new Query(binary, (error?: Error) => {
      const failure = error ?? divider.failure;
      if (failure) reject(failure as Error);
      else resolve();
    });
    const submit = request.submit.bind(request);
    request.submit = (connection) => {
      divider.stepIn(connection);
      return submit(connection);
    };
    client.query(request);
  });
}

/** Stands between a connection and its `pg` while one query is answered: takes the rows, and passes on all else. */
class MessageDivider {
  /** What `onRows` threw: the answer is read to its end all the same. */
  failure: unknown = null;
  /** The beginning of a message whose end has not come yet. */
  #begun: Buffer = Buffer.alloc(0);

  constructor(private readonly onRows: (rows: Buffer) => void) {}

  stepIn(connection: Connection): void {
    const stream = connection.stream as Socket;
    const [parse] = stream.listeners('data') as [(chunk: Buffer) => void];
    // It keeps what it is given, and the chunk may be lent.
    const pass = (message: Buffer): void => parse(Buffer.from(message));
    // Ahead of the end of the answer: with it, `pg` begins with the next query, which may step in itself.
    const stepOut = (): void => {
      lend(stream, false);
      stream.on('data', parse);
      stream.removeListener('data', take);
    };
    const take = (chunk: Buffer): void => this.#divide(chunk, pass, stepOut);
    stream.on('data', take);
    stream.removeListener('data', parse);
    lend(stream, true);
  }

  #divide(
    chunk: Buffer,
    pass: (message: Buffer) => void,
    stepOut: () => void,
  ): void {
    let start = 0;
    if (this.#begun.length > 0) {
      start = this.#complete(chunk);
      const message = this.#begun;
      if (endOfMessage(message, 0) > message.length) return;
      this.#divideFrom(message, 0, pass, stepOut);
    }
    if (start < chunk.length) this.#divideFrom(chunk, start, pass, stepOut);
  }

  /** Adds what was missing of the message that has begun. @returns where in the chunk the next one begins */
  #complete(chunk: Buffer): number {
    const begun = this.#begun;
    const head = chunk.subarray(0, MESSAGE_HEAD_BYTES);
    const end = endOfMessage(Buffer.concat([begun, head]), 0);
    const missing = Math.min(end - begun.length, chunk.length);
    this.#begun = Buffer.concat([begun, chunk.subarray(0, missing)]);
    return missing;
  }

  #divideFrom(
    bytes: Buffer,
    start: number,
    pass: (message: Buffer) => void,
    stepOut: () => void,
  ): void {
    let at = start;
    for (;;) {
      const end = endOfRows(bytes, at);
      if (end > at) this.#give(bytes.subarray(at, end));
      const next = endOfMessage(bytes, end);
      if (next > bytes.length) {
        this.#begun = Buffer.from(bytes.subarray(end));
        return;
      }
      if (bytes[end] === READY_FOR_QUERY) stepOut();
      pass(bytes.subarray(end, next));
      at = next;
    }
  }

  #give(rows: Buffer): void {
    if (this.failure) return;
    try {
      this.onRows(rows);
    } catch (error) {
      this.failure = error;
    }
  }
}

/** The end of the last whole row of those that begin here. */
function endOfRows(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === DATA_ROW) {
    const end = endOfMessage(bytes, at);
    if (end > bytes.length) break;
    at = end;
  }
  return at;
}

/** Beyond all bytes where not even the length has come. */
function endOfMessage(bytes: Buffer, at: number): number {
  return at + MESSAGE_HEAD_BYTES > bytes.length
    ? Infinity
    : at + 1 + bytes.readUInt32BE(at + 1);
}
