import { DAY_MS, HOUR_MS, MINUTE_MS } from '../world/calendar.js';
import { momentOfDayMs } from '../world/diurnal.js';
import type { Random } from '../world/random.js';
import type { MerchantProfile } from './merchant-profile.js';
import type { Stage, Target } from './slot-maker.js';
import type { Stream } from './streams.js';
import type { TraceWorld } from './trace-world.js';

export interface Video {
  target: Target;
  publishedAtMs: number;
  /** The age at which it takes 1/e of what it took at first. */
  lifeMs: number;
}

/** What kinds of clips bring beside a video of their own: assumed, explanations sell best. */
const CLIP_KINDS = [
  { share: 0.4, appeal: 1.25 },
  { share: 0.35, appeal: 1 },
  { share: 0.25, appeal: 0.65 },
];
const CLIPS_A_STREAM = { min: 1, max: 3 };
const CLIP_AFTER_MINUTES = { min: 30, max: 180 };
const CLIP_QUALITY_SIGMA = 0.35;
/** Clips are about what was sold today. */
const CLIP_LIFE = 0.5;
const CROWD_SIGMA = 0.5;
const LIFE_SIGMA = 0.4;
const MAX_AGE_MS = 10 * DAY_MS;
/** What it brings fades more slowly than what it takes. */
const RATE_LIVES = 3;

/**
 * A merchant's videos and clips, from when they are published until nobody sees them any more. Clips are like the
 * simulator's in kind and time; how they and videos differ and age is assumed.
 */
export class VideoShelf {
  #videos: Video[] = [];
  #count = 0;

  constructor(
    private readonly profile: MerchantProfile,
    private readonly world: TraceWorld,
    private readonly random: Random,
  ) {}

  publishDay(dayStartMs: number): Video[] {
    const { profile, world, random } = this;
    const count = random.poisson(profile.videosPerDay);
    const moments = Array.from({ length: count }, () =>
      momentOfDayMs(random, dayStartMs),
    ).filter((atMs) => atMs > profile.joinedAtMs);
    return moments.map((atMs) =>
      this.#publish('video', atMs, {
        crowd: random.logNormal(1, CROWD_SIGMA),
        appeal: random.logNormal(1, world.video.qualitySigma),
        life: random.logNormal(1, LIFE_SIGMA),
      }),
    );
  }

  /** Clips take after the stream that they are cut from. */
  cutClips({ target, untilMs }: Stream): void {
    const { random } = this;
    if (!random.chance(this.profile.clipShare)) return;
    const count = random.integer(CLIPS_A_STREAM.min, CLIPS_A_STREAM.max);
    for (let i = 0; i < count; i += 1) {
      const { min, max } = CLIP_AFTER_MINUTES;
      const kind =
        CLIP_KINDS[random.weighted(CLIP_KINDS.map(({ share }) => share))]!;
      this.#publish('clip', untilMs + random.integer(min, max) * MINUTE_MS, {
        crowd: random.logNormal(target.crowd, CROWD_SIGMA),
        appeal:
          kind.appeal * random.logNormal(target.appeal, CLIP_QUALITY_SIGMA),
        life: CLIP_LIFE * random.logNormal(1, LIFE_SIGMA),
      });
    }
  }

  /** The slots that begin on a day. */
  *slotsOf(dayStartMs: number): Generator<{
    target: Target;
    atMs: number;
    untilMs: number;
    stage: Stage;
  }> {
    const slotMs = this.world.video.slotHours * HOUR_MS;
    const dayEndMs = dayStartMs + DAY_MS;
    for (const { target, publishedAtMs, lifeMs } of this.#videos) {
      const passed = Math.ceil((dayStartMs - publishedAtMs) / slotMs);
      let atMs = publishedAtMs + Math.max(0, passed) * slotMs;
      for (; atMs < dayEndMs; atMs += slotMs) {
        const lives = (atMs - publishedAtMs) / lifeMs;
        yield {
          target,
          atMs,
          untilMs: atMs + slotMs,
          stage: {
            room: Math.exp(-lives),
            rate: Math.exp(-lives / RATE_LIVES),
          },
        };
      }
    }
    this.#videos = this.#videos.filter(
      ({ publishedAtMs }) => dayEndMs - publishedAtMs < MAX_AGE_MS,
    );
  }

  #publish(
    targetKind: 'video' | 'clip',
    atMs: number,
    { crowd, appeal, life }: { crowd: number; appeal: number; life: number },
  ): Video {
    const { profile, random } = this;
    this.#count += 1;
    const video: Video = {
      target: {
        targetId: `${profile.merchantId}-${targetKind[0]}${this.#count}`,
        targetKind,
        placement: 'short_video',
        crowd,
        appeal,
        drop: random.between(0.35, 0.9),
      },
      publishedAtMs: atMs - (atMs % MINUTE_MS),
      lifeMs: this.world.video.lifeDays * DAY_MS * life,
    };
    this.#videos.push(video);
    return video;
  }
}
