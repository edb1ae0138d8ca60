import type { TraceEvent } from '@app/promotion';
import { TimeQueue } from '../time-queue.js';
import { DAY_MS, HOUR_MS, startOfDayMs, weekdayOf } from '../world/calendar.js';
import type { Random } from '../world/random.js';
import { Granter, type GrantRule } from './grant-rules.js';
import { together, type Influence } from './influence.js';
import {
  drawProfile,
  usualDayRoom,
  usualStreamRoom,
  usualVideoRoom,
} from './merchant-profile.js';
import { SlotMaker } from './slot-maker.js';
import { StreamHabit, streamSlots, type Stream } from './streams.js';
import type { Span } from './span.js';
import type { TraceWorld } from './trace-world.js';
import { VideoShelf } from './videos.js';

/** What all merchants of a trace have in common. */
export interface Surroundings {
  world: TraceWorld;
  span: Span;
  weather: readonly Influence[];
  campaigns: readonly { rule: GrantRule; atMs: number }[];
}

export interface TimedTraceEvent {
  atMs: number;
  event: TraceEvent;
}

const MONDAY = 1;

/** One merchant's part of a trace, in the order of time: first that they are there, then their lots and slots. */
export function* merchantTrace(
  merchantId: string,
  random: Random,
  { world, span, weather, campaigns }: Surroundings,
): Generator<TimedTraceEvent, void, void> {
  const profile = drawProfile(merchantId, random, world, span);
  const fates = world.fates.map((draw) => draw(random, span));
  const effectAt = together([...weather, ...fates]);
  const slots = new SlotMaker(profile, world, effectAt, random);
  const streams = new StreamHabit(profile, random);
  const videos = new VideoShelf(profile, world, random);
  const granter = new Granter(merchantId, world.grants, random);
  const queue = new TimeQueue<TraceEvent>();
  const plan = (
    events: readonly (Exclude<TraceEvent, { kind: 'merchant' }> | null)[],
  ) => {
    for (const event of events) if (event) queue.push(event.atMs, event);
  };
  const { category, joinedAtMs } = profile;
  const dayRoom = usualDayRoom(profile, world);
  const ofVideo = { live: 0, short_video: usualVideoRoom(profile, world) };
  let weekStreamRoom = 0;

  yield { atMs: joinedAtMs, event: { kind: 'merchant', merchantId, category } };
  plan(granter.grant('joined', joinedAtMs, dayRoom));
  const firstDayMs = startOfDayMs(joinedAtMs);
  for (let dayMs = firstDayMs; dayMs < span.endMs; dayMs += DAY_MS) {
    planGrants(dayMs);
    for (const stream of streams.planDay(dayMs, willingness))
      planStream(stream);
    for (const { publishedAtMs } of videos.publishDay(dayMs))
      plan(granter.grant('published', publishedAtMs, ofVideo));
    for (const { target, atMs, untilMs, stage } of videos.slotsOf(dayMs))
      plan([slots.make(target, atMs, untilMs, stage)]);
    const planned = Math.min(dayMs + DAY_MS, span.endMs);
    while (queue.nextAtMs < planned) {
      const { atMs, item: event } = queue.pop();
      yield { atMs, event };
    }
  }

  function willingness(atMs: number): number {
    return effectAt(atMs, 'live').streaming;
  }

  function planStream(stream: Stream): void {
    const { fromMs, untilMs, target } = stream;
    const room = usualStreamRoom(profile, (untilMs - fromMs) / HOUR_MS);
    weekStreamRoom += room;
    const ofStream = { live: room, short_video: 0 };
    for (const { atMs, untilMs: slotUntilMs, stage } of streamSlots(stream))
      plan([slots.make(target, atMs, slotUntilMs, stage)]);
    plan(granter.grant('streaming', (fromMs + untilMs) / 2, ofStream));
    plan(granter.grant('streamed', untilMs, ofStream));
    videos.cutClips(stream);
  }

  function planGrants(dayMs: number): void {
    const fromMs = Math.max(dayMs, joinedAtMs);
    const dayEndMs = dayMs + DAY_MS;
    plan(granter.grant('day', random.integer(fromMs, dayEndMs - 1), dayRoom));
    for (const { rule, atMs } of campaigns)
      if (atMs >= fromMs && atMs < dayEndMs)
        plan(granter.grantBy(rule, atMs, dayRoom));
    if (weekdayOf(dayMs) !== MONDAY) return;
    if (weekStreamRoom > 0)
      plan(
        granter.grant('week', fromMs, {
          live: weekStreamRoom,
          short_video: 7 * dayRoom.short_video,
        }),
      );
    weekStreamRoom = 0;
  }
}
