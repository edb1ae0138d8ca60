import { Socket } from 'node:net';

type Written = Parameters<Socket['write']>;

/**
 * A socket that sends all that is written to it in one turn of the event loop in one go. Each write to the kernel costs
 * more than making most statements, and wakes the database up once more.
 */
export class GatheringSocket extends Socket {
  #isGathering = false;

  override write(...written: never[]): boolean {
    this.#gather();
    return super.write(...(written as unknown as Written));
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      this.uncork();
    });
  }
}
