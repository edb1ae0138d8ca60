import { Logger } from '@nestjs/common';
import type { ProgramChange } from '@app/programs';
import { Ticker } from '@app/streaming';
import type { FollowedPrograms } from './followed-programs.js';
import type { GranterShards } from './granter.shards.js';

const TICK_INTERVAL_MS = 1_000;
/** Shards that take changes at a time: most connections are left to batches. */
const AT_ONCE = 4;

/** Takes up changes of programs soon after they are recorded, also in shards in which nothing happens. */
export class ProgramTimer extends Ticker {
  readonly #logger = new Logger(ProgramTimer.name);

  constructor(
    private readonly programs: FollowedPrograms,
    private readonly shards: GranterShards,
  ) {
    super(TICK_INTERVAL_MS);
  }

  protected async tick(): Promise<void> {
    for (const change of await this.programs.refresh())
      this.#logger.log(told(change));
    const waiting = [...this.shards.assigned];
    const takeEach = async (): Promise<void> => {
      for (
        let shard = waiting.pop();
        shard !== undefined;
        shard = waiting.pop()
      )
        await this.shards.takeProgramChanges(shard);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeEach));
  }
}

function told(change: ProgramChange): string {
  const version =
    change.change === 'published' || change.change === 'withdrawn'
      ? ` version ${change.version}`
      : '';
  return `${change.program}${version} was ${change.change} by ${change.madeBy}`;
}
