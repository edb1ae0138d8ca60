import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Pool } from '@app/ledger/postgres';
import { forgetActivity, planForgetting } from '@app/programs/postgres';
import { Repeater, type Clock } from '@app/streaming';
import type { ProgramSource } from './followed-programs.js';

const DAY_MS = 86_400_000;

/** Once a day, forgets activity that is older than it is to be kept, by whole quarters. */
export class Forgetting
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #logger = new Logger(Forgetting.name);
  readonly #repeater = new Repeater(
    () => this.forget(),
    DAY_MS,
    (error) =>
      this.#logger.warn(`activity is still to be forgotten: ${error.message}`),
  );

  /** @param daysKept at least 400; null to keep all for good */
  constructor(
    private readonly pool: Pool,
    private readonly programs: Pick<ProgramSource, 'latest'>,
    private readonly clock: Clock,
    private readonly daysKept: number | null,
  ) {}

  onApplicationBootstrap(): void {
    if (this.daysKept !== null) this.#repeater.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#repeater.stop();
  }

  async forget(): Promise<void> {
    const nowMs = this.clock.nowMs();
    const beforeMs = nowMs - this.daysKept! * DAY_MS;
    const { latest } = this.programs;
    const plan = await planForgetting(this.pool, latest, beforeMs, nowMs);
    const { quarters, stillCounting } = plan;
    if (quarters.length === 0) return;
    if (stillCounting.length > 0) {
      const goals = new Set(
        stillCounting.map(({ program, goal }) => `${program}/${goal}`),
      );
      this.#logger.warn(
        `activity is kept for longer than ${this.daysKept} days, since ${[...goals].join(', ')} may still count it`,
      );
      return;
    }
    await forgetActivity(this.pool, plan);
    this.#logger.log(`forgot ${quarters.map(({ name }) => name).join(', ')}`);
  }
}
