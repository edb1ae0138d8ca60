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
import { deadLetter } from '@app/streaming';
import {
  haveSystemTopicsAlone,
  recreateTopics,
} from '../../../../test/support/topics.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';
import { ActivityPublisher } from '../merchants/activity-publisher.js';

const PATH = '/v1/dead-letters';
const EVENT = {
  specversion: '1.0',
  source: 'urn:orders',
  id: 'paid-1',
  type: 'order.paid',
  subject: 'm1',
  time: '2026-11-11T08:00:00+08:00',
  data: { orderId: 'o1', amountMinor: 100, channel: 'live' },
};

describe('what operators do over Kafka', () => {
  let api: ApiUnderTest;
  let consumer: Consumer;
  const published: ActivityEvent[] = [];

  haveSystemTopicsAlone();
  beforeAll(async () => {
    const brokers = inject('kafkaBrokers');
    await recreateTopics(brokers, SHARD_COUNT);
    api = await startApi(inject('postgresUrl'), brokers);
    consumer = new Kafka({
      brokers: brokers.split(','),
      logLevel: logLevel.NOTHING,
    }).consumer({
      groupId: `dead-letters.int-spec-${randomUUID()}`,
      maxWaitTimeInMs: 100,
    });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPICS.activity, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        const read = readEvent(activityContract, message);
        if (!read.ok) throw new Error(read.detail);
        expect(partition).toBe(shardOf(read.event.merchantId, SHARD_COUNT));
        published.push(read.event);
      },
    });
    const { amountMinor: _left, ...incomplete } = EVENT.data;
    await bury(0, JSON.stringify({ ...EVENT, data: incomplete }));
    await bury(0, Buffer.from([0xff, 0x00]));
    await bury(0, JSON.stringify({ ...EVENT, id: 'paid-2' }));
    await bury(1, 'later');
  });
  afterAll(async () => {
    await consumer.disconnect();
    await api.close();
  });
  beforeEach(() => {
    published.length = 0;
  });

  /** Puts a message where the granter puts what it cannot read. */
  async function bury(partition: number, value: Buffer | string) {
    const letter = deadLetter(
      TOPICS.deadLetters,
      {
        topic: TOPICS.activity,
        partition: 5,
        position: 7n,
        key: Buffer.from('m1'),
        value: Buffer.from(value),
        headers: { 'content-type': 'application/cloudevents+json' },
      },
      { refusal: 'invalid_data', detail: 'data.amountMinor: expected number' },
    );
    await api.app.get(ActivityPublisher).send({ ...letter, partition });
  }

  function replay(place: string, body: object, key: string = randomUUID()) {
    return api.as.operator
      .post(`${PATH}/${place}/replay`)
      .set('idempotency-key', key)
      .send(body);
  }

  it('lists dead letters by partition and offset, page by page, as they were', async () => {
    const letters: { partition: number; offset: number }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await api.as.auditor
        .get(PATH)
        .query({ limit: 2, ...(cursor ? { cursor } : {}) })
        .expect(200);
      const page = body as {
        deadLetters: typeof letters;
        next: string | null;
      };
      letters.push(...page.deadLetters);
      cursor = page.next;
    }
    expect(
      letters.map(({ partition, offset }) => `${partition}/${offset}`),
    ).toEqual(['0/0', '0/1', '0/2', '1/0']);
    expect(letters[1]).toMatchObject({
      reason: 'invalid_data',
      detail: 'data.amountMinor: expected number',
      from: { topic: TOPICS.activity, partition: 5, offset: 7 },
      key: { encoding: 'utf8', text: 'm1' },
      value: { encoding: 'base64', text: '/wA=' },
      headers: { 'content-type': { text: 'application/cloudevents+json' } },
    });
  });

  it('publishes a corrected one where the merchant belongs, once for one key', async () => {
    const key = randomUUID();
    const first = await replay('0/0', { event: EVENT }, key).expect(202);
    expect(first.body).toEqual({
      topic: TOPICS.activity,
      merchantId: 'm1',
      source: 'urn:orders',
      id: 'paid-1',
    });
    const second = await replay('0/0', { event: EVENT }, key).expect(202);
    expect(second.body).toEqual(first.body);
    // What is published behind them has them all ahead of it.
    await replay('0/2', {}).expect(202);
    await vi.waitUntil(() => published.some(({ id }) => id === 'paid-2'));
    expect(published.map(({ id }) => id)).toEqual(['paid-1', 'paid-2']);
    const { rows } = await api.pool.query(
      `SELECT subject, request FROM audit.api_change WHERE operation = 'replayDeadLetter' AND idempotency_key = $1`,
      [key],
    );
    expect(rows).toEqual([
      {
        subject: 'operator',
        request: { partition: '0', offset: '0', event: EVENT },
      },
    ]);
  });

  it('publishes none that would come back', async () => {
    const asItWas = await replay('0/0', {}).expect(422);
    expect(asItWas.body).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:dead-letter-unreadable',
      detail: expect.stringContaining('invalid_data: data.amountMinor'),
    });
    const event = { ...EVENT, data: { ...EVENT.data, amountMinor: -1 } };
    const wrong = await replay('0/0', { event }).expect(400);
    expect(wrong.body.errors).toMatchObject([
      { field: 'event.data.amountMinor' },
    ]);
  });

  it('writes down what was asked to the letter, and refuses numbers beyond any', async () => {
    const key = randomUUID();
    const event = { ...EVENT, note: 'a\u0000b \ud800' };
    await replay('0/99', { event }, key).expect(404);
    const { rows } = await api.pool.query<{ request: { event: object } }>(
      `SELECT request FROM audit.api_change WHERE idempotency_key = $1`,
      [key],
    );
    expect(rows[0]!.request.event).toEqual(event);
    const { body } = await api.as.operator
      .post(`${PATH}/0/0/replay`)
      .set({
        'idempotency-key': randomUUID(),
        'content-type': 'application/json',
      })
      .send('{"event": {"amount": 1e400}}')
      .expect(400);
    expect(body.errors).toMatchObject([{ field: 'event' }]);
  });

  it.each(['0/99', '9/0'])('knows no dead letter %s', async (place) => {
    await replay(place, {}).expect(404);
  });

  it('flags a merchant by an event, once for one key', async () => {
    const key = randomUUID();
    const flag = () =>
      api.as.operator
        .post('/v1/merchants/m7/risk-flags')
        .set('idempotency-key', key)
        .send({ reason: 'orders among friends' })
        .expect(202);
    const first = await flag();
    expect((await flag()).body).toEqual(first.body);
    await vi.waitUntil(() => published.length > 0);
    const { source, id, flaggedAt } = first.body as Record<string, string>;
    expect(published).toEqual([
      {
        source,
        id,
        type: 'risk.flagged',
        merchantId: 'm7',
        occurredAtMs: Date.parse(flaggedAt!),
        data: {
          target: { kind: 'merchant', id: 'm7' },
          reason: 'orders among friends',
        },
      },
    ]);
  });

  it('says how far behind each service is in each shard', async () => {
    const shard = shardOf('m-lag', SHARD_COUNT);
    const lag = async () => {
      const { body } = await api.as.operator.get('/v1/consumers').expect(200);
      const { shards } = body as {
        shards: { service: string; shard: number; sources: object[] }[];
      };
      expect(shards).toHaveLength(2 * SHARD_COUNT);
      return shards.find(
        (one) => one.service === 'granter' && one.shard === shard,
      )!;
    };
    const [before] = (await lag()).sources as { end: number }[];
    const event = { ...EVENT, id: 'lag', subject: 'm-lag' };
    await replay('0/0', { event }).expect(202);
    await api.pool.query(
      `INSERT INTO shard_head (shard, journal, revision, sequence, hash, consumed, recorded_at)
       VALUES ($1, 'grants', 1, 0, $2, $3, '2026-11-11T00:00:00Z')`,
      [
        shard,
        Buffer.alloc(32),
        JSON.stringify({ [TOPICS.activity]: before!.end }),
      ],
    );
    expect(await lag()).toEqual({
      service: 'granter',
      shard,
      journal: 'grants',
      sequence: 0,
      revision: 1,
      lastCommitAt: '2026-11-11T00:00:00.000Z',
      sources: [
        {
          source: TOPICS.activity,
          consumed: before!.end,
          end: before!.end + 1,
          lag: 1,
        },
      ],
    });
  });
});
