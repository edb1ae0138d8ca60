import { Registry } from 'prom-client';
import { TOPICS } from '@app/contracts';
import type { ChainTip } from '@app/ledger';
import type { Pool } from '@app/ledger/postgres';
import { parseProgram, ProgramSet } from '@app/programs';
import { ShardWriter, systemClock } from '@app/streaming';
import {
  granting,
  type GranterMessage,
  type GranterState,
  type GranterWork,
} from '../../../apps/granter/src/grant.js';
import { GranterMetrics } from '../../../apps/granter/src/granter.metrics.js';
import { GranterStore } from '../../../apps/granter/src/granter.store.js';
import { PoolLeases } from '../../../apps/granter/src/pool-leases.js';
import { fixedPrograms } from '../../../apps/granter/test/fixed-programs.js';
import { oneOrderAPlacement } from '../../promotion/test/one-order-a-placement.js';
import {
  messageOf,
  PromoterByHand,
  silentBroker,
  takeAll,
} from '../../../apps/promoter/test/promoter-by-hand.js';

/** An order of a merchant's earns 1,000 impressions a day, and 50 fen. */
export const PROGRAM = parseProgram(
  `
program: daily
version: 1
title: { zh: 每日, en: Daily }
pools: { ANY_IMP: 1000000, CNY: 100000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - tier: first
        at: 1
        rewards:
          - { unit: ANY_IMP, amount: 1000, expiresAfterDays: 3000 }
          - { unit: CNY, amount: 50 }
`,
  'daily.yaml',
);
const PROGRAMS = fixedPrograms(new ProgramSet([PROGRAM]));

const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.parse('2026-11-01T12:00:00+08:00');

/** The granter and the promoter of one shard, each batch by hand. */
export class Services {
  readonly #granter: ShardWriter<
    GranterMessage,
    ChainTip,
    GranterState,
    GranterWork
  >;
  readonly #promoter: PromoterByHand;
  #orders = 0n;

  constructor(
    pool: Pool,
    readonly shard: number,
    shardCount: number,
  ) {
    this.#granter = new ShardWriter(
      shard,
      new GranterStore(
        pool,
        PROGRAMS,
        new GranterMetrics(new Registry()),
        new PoolLeases(pool, PROGRAMS, shardCount),
      ),
      silentBroker,
      systemClock,
      granting,
    );
    this.#promoter = new PromoterByHand(pool, shard, oneOrderAPlacement);
  }

  /** An order on a day earns the day's reward; a batch of its own. */
  async earn(merchantId: string, day: number): Promise<void> {
    const position = this.#orders++;
    await takeAll(this.#granter, {
      source: TOPICS.activity,
      shard: this.shard,
      message: messageOf(TOPICS.activity, this.shard, position, {
        source: 'orders',
        id: `order-${this.shard}-${position}`,
        type: 'order.paid',
        merchantId,
        occurredAtMs: FIRST_DAY_MS + day * DAY_MS,
        data: {
          orderId: `o-${position}`,
          amountMinor: 9_900,
          channel: 'live',
        },
      }),
    });
  }

  /** The promoter takes what is new of the grants journal. */
  follow(): Promise<void> {
    return this.#promoter.follow();
  }

  /** The merchant's switch is on and a stream runs: the promoter reserves what it may. */
  goLive(merchantId: string): Promise<void> {
    return this.#promoter.goLive(merchantId);
  }

  /** Ad delivery reports impressions of the merchant's open order. */
  deliver(merchantId: string, impressions: number): Promise<void> {
    return this.#promoter.deliver(merchantId, impressions);
  }
}
