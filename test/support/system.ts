import { AdDelivery } from './ad-delivery.js';
import { LedgerView } from './ledger-view.js';
import { ServicesStandIn } from './merchants.js';
import { prepareOrdersFile, type OrdersFile } from './orders-file.js';
import { replay } from './replay.js';
import { TestStack } from './test-stack.js';

/** The whole system without its simulator, and what a test needs around it. */
export class System {
  #adDelivery: AdDelivery | undefined;

  private constructor(
    readonly stack: TestStack,
    readonly ledger: LedgerView,
    readonly services: ServicesStandIn,
    readonly orders: OrdersFile,
  ) {}

  static async start(): Promise<System> {
    const [orders, stack] = await Promise.all([
      prepareOrdersFile(),
      TestStack.create(),
    ]);
    await stack.start('--no-traffic');
    const services = new ServicesStandIn(stack.kafkaBrokers);
    await services.connect();
    const ledger = new LedgerView(stack.databaseUrl);
    return new System(stack, ledger, services, orders);
  }

  /** Replays the file of orders as a user does; answers what the command prints. */
  replay(...options: string[]): Promise<string> {
    return replay(this.stack, this.orders.path, ...options);
  }

  /** Has promotion orders answered from now on. @param speed seconds of its clock in a real one */
  async startAdDelivery(speed: number): Promise<void> {
    this.#adDelivery = await AdDelivery.start(this.stack.kafkaBrokers, speed);
  }

  /** Stops everything and removes what it has written. */
  async stop(): Promise<void> {
    await this.#adDelivery?.stop();
    await this.services.disconnect();
    await this.ledger.close();
    await this.stack.stop();
    await Promise.all([this.stack.remove(), this.orders.remove()]);
  }
}
