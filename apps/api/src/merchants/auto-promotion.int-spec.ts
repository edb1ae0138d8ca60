import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { inject } from 'vitest';
import {
  activityContract,
  readEvent,
  shardOf,
  TOPICS,
  type ActivityEvent,
} from '@app/contracts';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../../../../test/support/topics.js';

describe('/v1/merchants/:id/auto-promotion', () => {
  let api: ApiUnderTest;
  let consumer: Consumer;
  const published: { event: ActivityEvent; partition: number }[] = [];
  let promoterIsThere = true;

  haveSystemTopicsAlone();
  beforeAll(async () => {
    const brokers = inject('kafkaBrokers');
    await recreateTopics(brokers, SHARD_COUNT);
    api = await startApi(inject('postgresUrl'), brokers);
    consumer = new Kafka({
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    }).consumer({
      groupId: 'auto-promotion.int-spec',
      maxWaitTimeInMs: 100,
    });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPICS.activity, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const read = readEvent(activityContract, message);
        if (!read.ok) throw new Error(read.detail);
        published.push({ event: read.event, partition });
        if (promoterIsThere) await takeSwitch(read.event);
      },
    });
  });
  afterAll(async () => {
    await consumer.disconnect();
    await api.close();
  });
  beforeEach(() => {
    published.length = 0;
    promoterIsThere = true;
  });

  /** All that the api sees of a promoter. */
  async function takeSwitch(event: ActivityEvent): Promise<void> {
    await api.pool.query(
      `INSERT INTO promotion_state (shard, merchant_id, auto_promotion, auto_promotion_since,
         auto_promotion_event_id, auto_promotion_limits, state)
       VALUES ($1, $2, $3, $4, $5, $6, '{}')
       ON CONFLICT (shard, merchant_id) DO UPDATE SET
         auto_promotion = excluded.auto_promotion,
         auto_promotion_since = excluded.auto_promotion_since,
         auto_promotion_event_id = excluded.auto_promotion_event_id,
         auto_promotion_limits = excluded.auto_promotion_limits`,
      [
        shardOf(event.merchantId, SHARD_COUNT),
        event.merchantId,
        event.type === 'auto_promotion.enabled',
        new Date(event.occurredAtMs),
        event.id,
        (event.type === 'auto_promotion.enabled' && event.data.limits) || {},
      ],
    );
  }

  function turn(merchantId: string, enabled: boolean) {
    return put(merchantId, { enabled });
  }

  function put(merchantId: string, body: object) {
    return api.as.service
      .put(`/v1/merchants/${merchantId}/auto-promotion`)
      .set('idempotency-key', randomUUID())
      .send(body);
  }

  it('is ready for it', async () => {
    const { body } = await api.http.get('/health/ready').expect(200);
    expect(body).toMatchObject({
      status: 'ok',
      details: { database: { status: 'up' }, kafka: { status: 'up' } },
    });
  });

  it('is off for a merchant that nobody has heard of', async () => {
    const { body } = await api.as.auditor
      .get('/v1/merchants/nobody/auto-promotion')
      .expect(200);
    expect(body).toEqual({
      merchantId: 'nobody',
      enabled: false,
      limits: {},
      since: null,
    });
    await turn('nobody', false).expect(200, body);
    expect(published).toEqual([]);
  });

  it('publishes an event to the merchant’s shard, and answers when it is taken', async () => {
    const { body } = await turn('m1', true).expect(200);
    const [{ event, partition }] = published as [(typeof published)[0]];
    expect(event).toMatchObject({
      source: 'urn:traffic-reward-ledger:api',
      type: 'auto_promotion.enabled',
      merchantId: 'm1',
      data: { by: 'service' },
    });
    expect(partition).toBe(shardOf('m1', SHARD_COUNT));
    const since = new Date(event.occurredAtMs).toISOString();
    expect(body).toEqual({
      merchantId: 'm1',
      enabled: true,
      limits: {},
      since,
    });
    await api.as.auditor
      .get('/v1/merchants/m1/auto-promotion')
      .expect(200, body);
  });

  it('leaves a switch alone that stands as it is wanted', async () => {
    const first = await turn('m2', true).expect(200);
    await turn('m2', true).expect(200, first.body);
    expect(published).toHaveLength(1);
  });

  it('sets limits by the same event, and lifts those that are left out', async () => {
    const limits = { dailyCapImpressions: 5_000, placements: ['live'] };
    const { body } = await put('m5', { enabled: true, limits }).expect(200);
    expect(body).toMatchObject({ enabled: true, limits });
    await put('m5', { enabled: true, limits }).expect(200, body);
    expect(published.map(({ event }) => event.data)).toEqual([
      { by: 'service', limits },
    ]);
    const lifted = await turn('m5', true).expect(200);
    expect(lifted.body.limits).toEqual({});
    expect(published).toHaveLength(2);
  });

  it('tells whoever has seen the switch that it is the same, and changes none that is not', async () => {
    const path = '/v1/merchants/m6/auto-promotion';
    const { headers } = await api.as.auditor.get(path).expect(200);
    const tag = headers['etag']!;
    const again = await api.as.auditor
      .get(path)
      .set('if-none-match', tag)
      .expect(304);
    expect(again.text).toBe('');
    await turn('m6', true).set('if-match', tag).expect(200);
    await api.as.auditor.get(path).set('if-none-match', tag).expect(200);
    const { body } = await turn('m6', false).set('if-match', tag).expect(412);
    expect(body.type).toBe(
      'urn:traffic-reward-ledger:problem:precondition-failed',
    );
    expect(published).toHaveLength(1);
  });

  it('turns it once for one key, and says the same again', async () => {
    const ask = (enabled: boolean) =>
      turn('m4', enabled).set('idempotency-key', '"turn m4 on"');
    const first = await ask(true).expect(200);
    await turn('m4', false).expect(200);
    const again = await ask(true).expect(200);
    expect(again.text).toBe(first.text);
    expect(published).toHaveLength(2);
    await ask(false).expect(422);
  });

  it('says what is pending, and does not take the switch for what it soon will not be', async () => {
    await turn('m3', true).expect(200);
    promoterIsThere = false;
    const { body } = await turn('m3', false).expect(202);
    expect(body).toMatchObject({ enabled: true, pending: { enabled: false } });
    // It stands as wanted, but not for long.
    promoterIsThere = true;
    await turn('m3', true).expect(200);
    expect(published.map(({ event }) => event.type)).toEqual([
      'auto_promotion.enabled',
      'auto_promotion.disabled',
      'auto_promotion.enabled',
    ]);
  });

  it.each([
    [{ enabled: 'yes' }, 'enabled'],
    [{}, 'enabled'],
    [{ enabled: true, until: 'tomorrow' }, 'until'],
    [{ enabled: false, limits: {} }, 'limits'],
    [{ enabled: true, limits: { dailyCap: 1 } }, 'limits.dailyCap'],
    [
      {
        enabled: true,
        limits: { dailyCapImpressions: 1, minimumImpressionsPerSession: 2 },
      },
      'limits.minimumImpressionsPerSession',
    ],
    [[true], 'body'],
  ])('refuses %j by the field that is wrong', async (body, field) => {
    const response = await api.as.service
      .put('/v1/merchants/m1/auto-promotion')
      .set('idempotency-key', randomUUID())
      .send(body)
      .expect(400);
    expect(response.body.errors).toEqual([
      { field, message: expect.any(String) },
    ]);
    expect(published).toEqual([]);
  });
});
