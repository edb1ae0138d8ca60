import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findFreePort } from '../../tools/stack/ports.js';
import { entryOf } from '../../tools/support/build-apps.js';
import { eventually } from './eventually.js';

/** The simulator without its merchants: the stand-in for the ad-delivery service, on a clock that flies. */
export class AdDelivery {
  private constructor(private readonly process: ChildProcess) {}

  /** @param speed seconds of its clock in a real one */
  static async start(kafkaBrokers: string, speed: number): Promise<AdDelivery> {
    const port = await findFreePort();
    const simulator = spawn(process.execPath, [entryOf('simulator')], {
      env: {
        ...process.env,
        KAFKA_BROKERS: kafkaBrokers,
        HEALTH_PORT: String(port),
        SIMULATOR_TRAFFIC: 'false',
        SIMULATOR_SPEED: String(speed),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await eventually(async () => {
      const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect(status).toBe(200);
    });
    return new AdDelivery(simulator);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}
