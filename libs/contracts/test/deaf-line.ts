import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** A client's line to Kafka, whose answers can be kept from it while its requests arrive. */
export class DeafLine {
  readonly #sockets = new Set<Socket>();

  readonly connect: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  };

  /** Nothing that comes on the connections that are open now is heard. */
  deafen(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  /** Ends all connections; new ones are whole. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy(new Error('cut'));
  }
}
