import type { Placement } from '@app/contracts';
import type { SpendableLot, TraceLot } from '@app/promotion';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  startOfDayMs,
} from '../world/calendar.js';
import type { Random } from '../world/random.js';
import type { Span } from './span.js';

type Unit = SpendableLot['unit'];
/** Impressions by placement. */
type Room = Record<Placement, number>;

/** What a merchant is granted traffic for. */
export type Trigger =
  | 'joined'
  /** Half of a stream is over, and it goes well. */
  | 'streaming'
  | 'streamed'
  | 'published'
  /** Each day, whatever they did. */
  | 'day'
  /** On Monday, for the streams of the week. */
  | 'week'
  /** At moments of the platform's choice, all merchants at once. */
  | 'campaign';

/** A program as its merchants see it. */
export interface GrantRule {
  trigger: Trigger;
  /** Of a grant, where the trigger comes. */
  chance: number;
  /** Each unit as likely as it is heavy. */
  units: Partial<Record<Unit, number>>;
  /** The median amount, as a share of the room that the unit has in what triggered the grant. */
  share: number;
  /** Spread of the logarithm of amounts. */
  sigma: number;
  /** From grant to expiry; each doubling is as likely as the other. */
  hours: [number, number];
  /** They expire with a day of Asia/Shanghai, the next after that time. */
  untilMidnight?: boolean;
  /** How often a campaign comes. */
  perWeek?: number;
}

const AMOUNT = { step: 100, max: 5_000_000 };
/** From the event to the grant: programs count in minutes. */
const GRANTED_AFTER_MS = { min: 5 * SECOND_MS, max: 10 * MINUTE_MS };

/** Draws a merchant's lots. */
export class Granter {
  #count = 0;

  constructor(
    private readonly merchantId: string,
    private readonly rules: readonly GrantRule[],
    private readonly random: Random,
  ) {}

  /** @param room of what triggers the grant; see {@link GrantRule.share} */
  grant(trigger: Trigger, triggeredAtMs: number, room: Room): TraceLot[] {
    return this.rules
      .filter((rule) => rule.trigger === trigger)
      .flatMap((rule) => this.grantBy(rule, triggeredAtMs, room));
  }

  grantBy(rule: GrantRule, triggeredAtMs: number, room: Room): TraceLot[] {
    const { random } = this;
    if (!random.chance(rule.chance)) return [];
    const { min, max } = GRANTED_AFTER_MS;
    const delayMs = random.between(min, max);
    const atMs = triggeredAtMs + delayMs - ((triggeredAtMs + delayMs) % 1_000);
    const units = Object.entries(rule.units) as [Unit, number][];
    const unit = units[random.weighted(units.map(([, weight]) => weight))]![0];
    const median = rule.share * roomFor(unit, room);
    const drawn = random.logNormal(median, rule.sigma);
    const steps = Math.max(1, Math.round(drawn / AMOUNT.step));
    this.#count += 1;
    return [
      {
        kind: 'lot',
        atMs,
        merchantId: this.merchantId,
        lotId: `${this.merchantId}-l${this.#count}`,
        unit,
        amount: Math.min(steps * AMOUNT.step, AMOUNT.max),
        expiresAtMs: this.#expiry(rule, atMs),
      },
    ];
  }

  #expiry({ hours, untilMidnight }: GrantRule, atMs: number): number {
    const lifeMs = this.random.logUniform(...hours) * HOUR_MS;
    const expiresAtMs = atMs + lifeMs - (lifeMs % MINUTE_MS);
    return untilMidnight ? startOfDayMs(expiresAtMs) + DAY_MS : expiresAtMs;
  }
}

function roomFor(unit: Unit, { live, short_video }: Room): number {
  switch (unit) {
    case 'LIVE_IMP':
      return live;
    case 'VIDEO_IMP':
      return short_video;
    case 'ANY_IMP':
      return live + short_video;
  }
}

/** When the campaigns of each rule come: once for the whole world. */
export function drawCampaigns(
  rules: readonly GrantRule[],
  random: Random,
  { startMs, endMs }: Span,
): { rule: GrantRule; atMs: number }[] {
  const weeks = (endMs - startMs) / (7 * DAY_MS);
  return rules
    .filter(({ trigger }) => trigger === 'campaign')
    .flatMap((rule) =>
      Array.from(
        { length: random.poisson((rule.perWeek ?? 0) * weeks) },
        () => ({
          rule,
          atMs: Math.floor(random.between(startMs, endMs)),
        }),
      ),
    );
}
