import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar.js';
import { momentOfDayMs } from './diurnal.js';
import type { Habits } from './habits.js';
import type { Random } from './random.js';
import type { Shop } from './shop.js';

const OPENING_MS = 30 * MINUTE_MS;
const STREAM_SECONDS = { min: 10 * 60, max: 10 * 3600 };
/** After opening, and from one stream to the next. */
const OFF_AIR_MS = 30 * MINUTE_MS;
/** Streams that break off. */
const EARLY_END_SHARE = 0.05;
const BIG_SESSION_SHARE = 0.02;
const BIG_SESSION_CROWD = 8;
/** One `follower.gained` sums up so much of a stream. */
const FOLLOWERS_EVERY_MS = 15 * MINUTE_MS;
const NEW_PRODUCT_DAY_SHARE = 0.15;
const WAVERING_DAY_SHARE = 0.2;
const FLAGGED_SESSION_SHARE = 1 / 300;
const FLAGGED_MERCHANT_DAY_SHARE = 1 / 5_000;

/**
 * When one merchant does what: plans a day at a time into the shop's queue, which the rest of their life is
 * read from. Streams run past midnight, and refunds come weeks later: a day's plan reaches beyond the day.
 */
export class MerchantAgenda {
  #freeFromMs: number;

  constructor(
    private readonly shop: Shop,
    private readonly habits: Habits,
    private readonly random: Random,
    private readonly registeredAtMs: number,
  ) {
    this.#freeFromMs = registeredAtMs + OFF_AIR_MS;
  }

  /** The first half hour: registers, lists products, turns the switch, shows and sells the first. */
  planOpening(): void {
    const { shop, habits, random, registeredAtMs } = this;
    const { category, followers, autoPromotion } = habits;
    shop.queue.push(registeredAtMs, {
      type: 'merchant.registered',
      data: { category, followers },
    });
    const soonMs = () => registeredAtMs + random.integer(SECOND_MS, OPENING_MS);
    const products = random.integer(3, 10);
    for (let i = 0; i < products; i += 1) shop.listProduct(soonMs());
    if (autoPromotion !== 'off') shop.turnSwitch(soonMs(), true);
    shop.publishVideo(soonMs());
    shop.sell(soonMs(), { channel: 'shelf' });
  }

  planDay(dayStartMs: number): void {
    const { shop, random } = this;
    const dayGmvMinor =
      this.#planVideos(dayStartMs) +
      this.#planStream(dayStartMs) +
      this.#planShelf(dayStartMs);
    this.#planAds(dayStartMs, dayGmvMinor);
    this.#planSwitch(dayStartMs);
    if (random.chance(FLAGGED_MERCHANT_DAY_SHARE))
      for (const atMs of this.#moments(dayStartMs, 1))
        shop.flag(atMs, 'merchant', shop.merchantId);
  }

  /** Answers the GMV of what is sold, in fen, as the other plans do. */
  #planShelf(dayStartMs: number): number {
    const { shop, habits, random } = this;
    if (random.chance(NEW_PRODUCT_DAY_SHARE))
      for (const atMs of this.#moments(dayStartMs, 1)) shop.listProduct(atMs);
    const orders = random.poisson(habits.shelfOrdersPerDay);
    return sum(
      this.#moments(dayStartMs, orders).map((atMs) =>
        shop.sell(atMs, { channel: 'shelf' }),
      ),
    );
  }

  #planVideos(dayStartMs: number): number {
    const { shop, habits, random } = this;
    const published = random.poisson(habits.videosPerDay);
    for (const atMs of this.#moments(dayStartMs, published))
      shop.publishVideo(atMs);
    for (const atMs of this.#moments(dayStartMs, 1))
      shop.gainFollowersByVideo(atMs, 0.3);
    const orders = random.poisson(habits.videoOrdersPerDay);
    return sum(
      this.#moments(dayStartMs, orders).map((atMs) => shop.sellByVideo(atMs)),
    );
  }

  #planStream(dayStartMs: number): number {
    const { shop, habits, random } = this;
    if (!random.chance(habits.streamShare)) return 0;
    const usualMs =
      dayStartMs + (habits.streamHour + 0.3 * random.normal()) * HOUR_MS;
    const startMs = Math.floor(Math.max(usualMs, this.#freeFromMs, dayStartMs));
    const durationSeconds = this.#streamSeconds();
    const endMs = startMs + durationSeconds * SECOND_MS;
    this.#freeFromMs = endMs + OFF_AIR_MS;

    const sessionId = shop.startStream(startMs);
    const gmvMinor = this.#sellLive(sessionId, startMs, endMs);
    shop.endStream(endMs, sessionId, durationSeconds);
    if (random.chance(habits.clipShare)) this.#cutClips(sessionId, endMs);
    if (random.chance(FLAGGED_SESSION_SHARE))
      shop.flag(endMs, 'session', sessionId);
    return gmvMinor;
  }

  #sellLive(sessionId: string, startMs: number, endMs: number): number {
    const { shop, habits, random } = this;
    const crowd =
      random.logNormal(1, 0.5) *
      (random.chance(BIG_SESSION_SHARE) ? BIG_SESSION_CROWD : 1);
    const origin = { channel: 'live', sessionId } as const;
    for (
      let atMs = startMs + FOLLOWERS_EVERY_MS;
      atMs < endMs;
      atMs += FOLLOWERS_EVERY_MS
    )
      shop.gainFollowers(atMs, 0.1 * crowd, origin);
    const hours = (endMs - startMs) / HOUR_MS;
    const orders = random.poisson(habits.liveOrdersPerHour * hours * crowd);
    return sum(
      Array.from({ length: orders }, () => {
        // Shoppers gather and leave: most orders come in the middle.
        const share = (random.unit() + random.unit()) / 2;
        const atMs = startMs + 1 + Math.floor(share * (endMs - startMs - 2));
        return shop.sell(atMs, origin);
      }),
    );
  }

  #cutClips(sessionId: string, endMs: number): void {
    const { shop, random } = this;
    const clips = random.integer(1, 4);
    for (let i = 0; i < clips; i += 1)
      shop.publishVideo(endMs + random.integer(30, 180) * MINUTE_MS, {
        sessionId,
        kind: random.pick(['explanation', 'highlight', 'teaser'] as const),
      });
  }

  #planAds(dayStartMs: number, dayGmvMinor: number): void {
    const { shop, habits, random } = this;
    const amountMinor = Math.round(dayGmvMinor * habits.adShare);
    const atMs = dayStartMs + random.integer(22 * HOUR_MS, DAY_MS - 1);
    if (amountMinor > 0 && atMs > this.registeredAtMs)
      shop.queue.push(atMs, { type: 'ads.spent', data: { amountMinor } });
  }

  /** Off in the daytime and on again by night, so that both fall on one day and never cross. */
  #planSwitch(dayStartMs: number): void {
    const { shop, habits, random } = this;
    if (habits.autoPromotion !== 'wavering') return;
    if (dayStartMs < this.registeredAtMs + OPENING_MS) return;
    if (!random.chance(WAVERING_DAY_SHARE)) return;
    const offAtMs = dayStartMs + random.integer(10 * HOUR_MS, 17 * HOUR_MS);
    shop.turnSwitch(offAtMs, false);
    shop.turnSwitch(offAtMs + random.integer(HOUR_MS, 6 * HOUR_MS), true);
  }

  #streamSeconds(): number {
    const { habits, random } = this;
    const whole = habits.streamHours * 3600 * random.logNormal(1, 0.3);
    const share = random.chance(EARLY_END_SHARE) ? random.between(0.1, 0.5) : 1;
    const { min, max } = STREAM_SECONDS;
    return Math.floor(Math.min(Math.max(whole * share, min), max));
  }

  /** Moments of a day, but only those at which the shop is open already. */
  #moments(dayStartMs: number, count: number): number[] {
    return Array.from({ length: count }, () =>
      momentOfDayMs(this.random, dayStartMs),
    ).filter((atMs) => atMs > this.registeredAtMs);
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
