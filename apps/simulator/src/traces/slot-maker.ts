import type { TargetKind, TraceSlot } from '@app/promotion';
import type { Placement } from '@app/contracts';
import { HOUR_MS, hourOfDay, weekdayOf } from '../world/calendar.js';
import { busyness } from '../world/diurnal.js';
import type { Random } from '../world/random.js';
import { clamp } from './clamp.js';
import { drawSegments } from './concave.js';
import type { Effect } from './influence.js';
import type { MerchantProfile } from './merchant-profile.js';
import type { TraceWorld } from './trace-world.js';

/** A stream, video or clip, and what it is like in all of its slots. */
export interface Target {
  targetId: string;
  targetKind: TargetKind;
  placement: Placement;
  /** Multiply what its merchant's targets take and bring. */
  crowd: number;
  appeal: number;
  /** See {@link drawSegments}. */
  drop: number;
}

/** What a slot takes and brings by its place in the life of its target. */
export interface Stage {
  room: number;
  rate: number;
}

/** Assumed. */
const MOST_ROOM_PER_HOUR = 200_000;
/** Per thousand impressions, in fen: the range of a platform's small merchants, assumed. */
const RATE_MINOR = { min: 500, max: 30_000 };
/** Spread of slots of one target around what can be known of them, besides noise; assumed. */
const SURPRISE_SIGMA = 0.15;

/** Makes slots of what is known of merchant, target and moment, and of what chance adds. */
export class SlotMaker {
  constructor(
    private readonly profile: MerchantProfile,
    private readonly world: TraceWorld,
    private readonly effectAt: (
      atMs: number,
      placement: Placement,
    ) => Required<Effect>,
    private readonly random: Random,
  ) {}

  /** None where there is too little room. */
  make(
    target: Target,
    atMs: number,
    untilMs: number,
    stage: Stage,
  ): TraceSlot | null {
    const { profile, world, random } = this;
    const { targetId, targetKind, placement } = target;
    const traits = profile.traits[placement];
    const effect = this.effectAt(atMs, placement);
    const roomPerHour =
      traits.roomPerHour *
      busyness(atMs, untilMs) ** world.diurnality *
      target.crowd *
      stage.room *
      effect.room *
      random.logNormal(1, SURPRISE_SIGMA);
    const rate =
      traits.gmvMinorPerThousand *
      this.#habitualRate((atMs + untilMs) / 2) *
      target.appeal *
      stage.rate *
      effect.rate *
      random.logNormal(1, SURPRISE_SIGMA);
    const noise = meanOneLogNormal(random, world.noiseSigma);
    if (roomPerHour < world.leastRoomPerHour) return null;
    const hours = (untilMs - atMs) / HOUR_MS;
    const capacity = Math.round(
      Math.min(roomPerHour, MOST_ROOM_PER_HOUR) * hours,
    );
    const topRate = clamp(rate, RATE_MINOR.min, RATE_MINOR.max);
    return {
      kind: 'slot',
      atMs,
      untilMs,
      merchantId: profile.merchantId,
      placement,
      targetId,
      targetKind,
      capacity,
      segments: drawSegments(random, capacity, topRate, target.drop),
      noise,
    };
  }

  #habitualRate(atMs: number): number {
    const { weekdayRates, peakHour, hourSwing } = this.profile;
    const turn = (hourOfDay(atMs) - peakHour) / 24;
    return (
      weekdayRates[weekdayOf(atMs)]! *
      (1 + hourSwing * Math.cos(2 * Math.PI * turn))
    );
  }
}

/** To four places, and never 0. */
function meanOneLogNormal(random: Random, sigma: number): number {
  const noise = random.logNormal(Math.exp(-(sigma ** 2) / 2), sigma);
  return Math.max(0.0001, Math.round(noise * 10_000) / 10_000);
}
