import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import {
  autoPromotionLimits,
  limitsAreEqual,
  shardOf,
  type AutoPromotionLimits,
} from '@app/contracts';
import type { Change } from '../changes/change-log.js';
import { toExactJson } from '../exact-json.js';
import { entityTag, requireTag } from '../http/entity-tag.js';
import { instant, merchantId } from '../openapi/fields.js';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { PromotionState } from '../read-model/promotion-state.entity.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { ActivityPublisher, API_SOURCE } from './activity-publisher.js';

/** How a switch is to stand. Limits go with one that is on; those left out do not hold. */
export const switchPosition = z.discriminatedUnion('enabled', [
  z.strictObject({
    enabled: z.literal(true),
    limits: autoPromotionLimits.default({}),
  }),
  z.strictObject({ enabled: z.literal(false) }),
]);
export type SwitchPosition = z.output<typeof switchPosition>;

/** A merchant's switch, as the promoter last took it. */
export const autoPromotion = z
  .strictObject({
    merchantId,
    enabled: z.boolean(),
    /** Of a switch that is off: those that held last. */
    limits: autoPromotionLimits,
    /** When it was last turned; null where it never was. */
    since: instant.nullable(),
    /** What was asked for and the promoter has not taken yet. */
    pending: switchPosition.optional(),
  })
  .meta({ id: 'AutoPromotion' });
export type AutoPromotion = z.output<typeof autoPromotion>;

/** A change of the switch, and who asked for it. */
export interface Turn extends Change {
  by: string;
  /** Only where the switch still is what this says, an `If-Match` header. */
  ifMatch?: string | undefined;
}

const TAKEN_WITHIN_MS = 5_000;
const POLL_INTERVAL_MS = 50;
const UNSETTLED_MAX = 10_000;

@Injectable()
export class AutoPromotionService {
  /** By merchant, the last event published here that the promoter was not yet seen to take. */
  readonly #unsettled = new Map<string, string>();

  constructor(
    private readonly reader: LedgerReader,
    private readonly publisher: ActivityPublisher,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
  ) {}

  async read(merchantId: string, gone: AbortSignal): Promise<AutoPromotion> {
    return toAnswer(merchantId, await this.#readState(merchantId, gone));
  }

  /**
   * Turns the switch, and waits up to five seconds until the promoter has taken it; after that the answer
   * says what is pending. A switch that stands as it is wanted is left alone.
   *
   * @param turn the same again is the same event
   * @throws ProblemException 412 where the switch is not what the caller saw, 503 where Kafka or the database is away
   */
  async turn(
    merchantId: string,
    position: SwitchPosition,
    turn: Turn,
  ): Promise<AutoPromotion> {
    const before = await this.#readState(merchantId);
    this.#settle(merchantId, before);
    requireTag(turn.ifMatch, switchTag(toAnswer(merchantId, before)));
    // With another turn on its way, the switch will not stand as it does.
    if (standsAs(position, before) && !this.#unsettled.has(merchantId))
      return toAnswer(merchantId, before);

    await this.#publish(merchantId, position, turn);
    const after = await this.#waitUntilTaken(merchantId, turn.id);
    this.#settle(merchantId, after);
    const answer = toAnswer(merchantId, after);
    return after?.eventId === turn.id
      ? answer
      : { ...answer, pending: position };
  }

  async #publish(
    merchantId: string,
    position: SwitchPosition,
    { id, recordedAt, by }: Turn,
  ): Promise<void> {
    this.#remember(merchantId, id);
    await this.publisher.publish({
      specversion: '1.0',
      source: API_SOURCE,
      id,
      subject: merchantId,
      time: recordedAt.toISOString(),
      ...(position.enabled
        ? {
            type: 'auto_promotion.enabled',
            data: { by, limits: position.limits },
          }
        : { type: 'auto_promotion.disabled', data: { by } }),
    });
  }

  /** The state that the event made; the last one seen where that took too long. */
  async #waitUntilTaken(
    merchantId: string,
    eventId: string,
  ): Promise<PromotionState | null> {
    const deadlineMs = performance.now() + TAKEN_WITHIN_MS;
    for (;;) {
      const state = await this.#readState(merchantId);
      if (state?.eventId === eventId || performance.now() >= deadlineMs)
        return state;
      await sleep(POLL_INTERVAL_MS);
    }
  }

  #readState(
    merchantId: string,
    gone?: AbortSignal,
  ): Promise<PromotionState | null> {
    const shard = shardOf(merchantId, this.shardCount);
    return this.reader.read(
      (manager) => manager.findOneBy(PromotionState, { shard, merchantId }),
      gone,
    );
  }

  #remember(merchantId: string, eventId: string): void {
    // Anew at the end: the first is always the oldest.
    this.#unsettled.delete(merchantId);
    this.#unsettled.set(merchantId, eventId);
    if (this.#unsettled.size <= UNSETTLED_MAX) return;
    const [oldest] = this.#unsettled.keys();
    this.#unsettled.delete(oldest!);
  }

  #settle(merchantId: string, state: PromotionState | null): void {
    if (state && this.#unsettled.get(merchantId) === state.eventId)
      this.#unsettled.delete(merchantId);
  }
}

function standsAs(
  position: SwitchPosition,
  state: PromotionState | null,
): boolean {
  return position.enabled
    ? isEnabled(state) && limitsAreEqual(position.limits, limitsOf(state))
    : !isEnabled(state);
}

function isEnabled(state: PromotionState | null): boolean {
  return state?.enabled ?? false;
}

function limitsOf(state: PromotionState | null): AutoPromotionLimits {
  return state?.limits ?? {};
}

function toAnswer(
  merchantId: string,
  state: PromotionState | null,
): AutoPromotion {
  return {
    merchantId,
    enabled: isEnabled(state),
    limits: limitsOf(state),
    since: state?.since ?? null,
  };
}

/** Of the switch as it stands: a change that is pending is none of it. */
export function switchTag(standing: AutoPromotion): string {
  return entityTag(toExactJson({ ...standing, pending: undefined })!);
}
