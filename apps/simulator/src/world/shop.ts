import type { ActivityData, ActivityType, Channel } from '@app/contracts';
import { TimeQueue } from '../time-queue.js';
import { DAY_MS, HOUR_MS } from './calendar.js';
import type { Habits } from './habits.js';
import type { Random } from './random.js';

/** What happens to a merchant, before it is an event. */
export type Fact = {
  [T in ActivityType]: { type: T; data: ActivityData<T> };
}[ActivityType];

/** Where an order or a follower comes from. */
export type Origin = { channel: Channel } & Pick<
  ActivityData<'order.paid'>,
  'sessionId' | 'videoId'
>;

type Clip = ActivityData<'video.published'>['clip'];
type RiskTargetKind = ActivityData<'risk.flagged'>['target']['kind'];

/** A product or a video, and when it was there first. */
interface Offer {
  id: string;
  sinceMs: number;
}

/** What is older sells no more. */
const SELLING_PRODUCTS = 20;
const SELLING_VIDEOS = 8;
const SHOPPABLE_SHARE = 0.9;
/** Spread of the amounts of one merchant's orders. */
const ORDER_SIGMA = 0.6;
/** The rest is a part of the price, and the goods stay. */
const WHOLE_REFUND_SHARE = 0.8;
const REFUND_AFTER_MS = { min: HOUR_MS, median: 2 * DAY_MS, max: 45 * DAY_MS };
const RETURN_FREIGHT_SHARE = 0.6;
const RETURN_FREIGHT_MINOR = { min: 600, max: 1_500 };
const FLAGGED_ORDER_SHARE = 1 / 1_500;
const FLAGGED_AFTER_MS = { min: HOUR_MS, max: 3 * DAY_MS };

/** What can happen in one merchant's shop: each method puts a fact, and what follows from it, in the queue. */
export class Shop {
  readonly queue = new TimeQueue<Fact>();
  readonly #idsGiven = new Map<string, number>();
  #products: readonly Offer[] = [];
  #videos: readonly Offer[] = [];
  #followers: number;

  constructor(
    readonly merchantId: string,
    private readonly habits: Habits,
    private readonly random: Random,
  ) {
    this.#followers = habits.followers;
  }

  /** Sells one order, which may be refunded or flagged later. Answers what was paid. */
  sell(atMs: number, origin: Origin): number {
    const { random, habits } = this;
    const orderId = this.#nextId('o');
    const productId = pickOffered(random, this.#products, atMs);
    const amountMinor = Math.max(
      1,
      Math.round(random.logNormal(habits.medianOrderMinor, ORDER_SIGMA)),
    );
    this.queue.push(atMs, {
      type: 'order.paid',
      data: {
        orderId,
        amountMinor,
        ...origin,
        ...(productId === undefined ? {} : { productId }),
      },
    });
    if (random.chance(habits.refundShare))
      this.#refund(atMs, orderId, amountMinor);
    if (random.chance(FLAGGED_ORDER_SHARE)) this.flag(atMs, 'order', orderId);
    return amountMinor;
  }

  /** Sells through one of the latest videos; answers 0 where there is none yet. */
  sellByVideo(atMs: number): number {
    const videoId = pickOffered(this.random, this.#videos, atMs);
    return videoId === undefined
      ? 0
      : this.sell(atMs, { channel: 'short_video', videoId });
  }

  startStream(atMs: number): string {
    const sessionId = this.#nextId('s');
    this.queue.push(atMs, {
      type: 'live.started',
      data: { sessionId, followers: this.#followers },
    });
    return sessionId;
  }

  endStream(atMs: number, sessionId: string, durationSeconds: number): void {
    this.queue.push(atMs, {
      type: 'live.ended',
      data: { sessionId, durationSeconds },
    });
  }

  /** @param share of the square root of the followers that there are already, on average */
  gainFollowers(atMs: number, share: number, origin: Origin): void {
    const count = this.random.poisson(share * Math.sqrt(this.#followers + 100));
    if (count === 0) return;
    this.#followers += count;
    this.queue.push(atMs, {
      type: 'follower.gained',
      data: { count, ...origin },
    });
  }

  gainFollowersByVideo(atMs: number, share: number): void {
    const videoId = pickOffered(this.random, this.#videos, atMs);
    if (videoId !== undefined)
      this.gainFollowers(atMs, share, { channel: 'short_video', videoId });
  }

  publishVideo(atMs: number, clip?: Clip): void {
    const videoId = this.#nextId('v');
    const shoppable = clip !== undefined || this.random.chance(SHOPPABLE_SHARE);
    this.queue.push(atMs, {
      type: 'video.published',
      data: { videoId, shoppable, ...(clip ? { clip } : {}) },
    });
    if (shoppable)
      this.#videos = [...this.#videos, { id: videoId, sinceMs: atMs }].slice(
        -SELLING_VIDEOS,
      );
  }

  listProduct(atMs: number): void {
    const productId = this.#nextId('p');
    this.#products = [
      ...this.#products,
      { id: productId, sinceMs: atMs },
    ].slice(-SELLING_PRODUCTS);
    this.queue.push(atMs, { type: 'product.listed', data: { productId } });
  }

  turnSwitch(atMs: number, on: boolean): void {
    this.queue.push(atMs, {
      type: on ? 'auto_promotion.enabled' : 'auto_promotion.disabled',
      data: { by: this.merchantId },
    });
  }

  /** Has something flagged, hours or days after it happened. */
  flag(happenedAtMs: number, kind: RiskTargetKind, id: string): void {
    const { random } = this;
    const { min, max } = FLAGGED_AFTER_MS;
    this.queue.push(happenedAtMs + random.integer(min, max), {
      type: 'risk.flagged',
      data: {
        target: { kind, id },
        reason: random.pick(['fake_orders', 'bought_followers', 'complaints']),
      },
    });
  }

  #refund(paidAtMs: number, orderId: string, paidMinor: number): void {
    const { random } = this;
    const { min, median, max } = REFUND_AFTER_MS;
    const afterMs = Math.min(Math.max(random.logNormal(median, 1), min), max);
    const isWhole = random.chance(WHOLE_REFUND_SHARE);
    const paysFreight = isWhole && random.chance(RETURN_FREIGHT_SHARE);
    this.queue.push(paidAtMs + Math.floor(afterMs), {
      type: 'order.refunded',
      data: {
        orderId,
        amountMinor: isWhole
          ? paidMinor
          : Math.ceil(paidMinor * random.between(0.1, 0.9)),
        ...(paysFreight
          ? {
              returnFreightMinor: random.integer(
                RETURN_FREIGHT_MINOR.min,
                RETURN_FREIGHT_MINOR.max,
              ),
            }
          : {}),
      },
    });
  }

  #nextId(kind: string): string {
    const count = (this.#idsGiven.get(kind) ?? 0) + 1;
    this.#idsGiven.set(kind, count);
    return `${this.merchantId}-${kind}${count}`;
  }
}

function pickOffered(
  random: Random,
  offers: readonly Offer[],
  atMs: number,
): string | undefined {
  const offered = offers.filter(({ sinceMs }) => sinceMs < atMs);
  return offered.length > 0 ? random.pick(offered).id : undefined;
}
