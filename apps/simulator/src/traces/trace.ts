import type { TraceEvent } from '@app/promotion';
import { TimeQueue } from '../time-queue.js';
import { DAY_MS } from '../world/calendar.js';
import { Random } from '../world/random.js';
import { drawCampaigns } from './grant-rules.js';
import { merchantTrace, type TimedTraceEvent } from './merchant-trace.js';
import type { Span } from './span.js';
import type { TraceWorld } from './trace-world.js';

export interface TraceOptions {
  merchants: number;
  days: number;
  seed: string;
}

/** The days that a trace covers. */
export function spanOf(world: TraceWorld, days: number): Span {
  const startMs = world.startMs(days);
  return { startMs, endMs: startMs + days * DAY_MS };
}

/**
 * A trace in the order of time. The same world and options give the same events. Chance is each merchant's own, so
 * that one merchant more changes nothing for the others. The memory it takes is a day's plan for each merchant.
 */
export function* trace(
  world: TraceWorld,
  { merchants, days, seed }: TraceOptions,
): Generator<TimedTraceEvent, void, void> {
  const span = spanOf(world, days);
  const chance = (of: string) => new Random(`${seed}/${world.name}/${of}`);
  const surroundings = {
    world,
    span,
    weather: world.weather.map((draw, i) => draw(chance(`weather/${i}`), span)),
    campaigns: drawCampaigns(world.grants, chance('campaigns'), span),
  };
  const next = new TimeQueue<{
    life: ReturnType<typeof merchantTrace>;
    event: TraceEvent;
  }>();
  const follow = (life: ReturnType<typeof merchantTrace>) => {
    const { value } = life.next();
    if (value) next.push(value.atMs, { life, event: value.event });
  };
  for (let number = 1; number <= merchants; number += 1) {
    const merchantId = `m${number}`;
    follow(merchantTrace(merchantId, chance(merchantId), surroundings));
  }
  while (next.size > 0) {
    const { atMs, item } = next.pop();
    yield { atMs, event: item.event };
    follow(item.life);
  }
}
