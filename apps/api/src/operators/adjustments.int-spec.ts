import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { Services } from '../../../../libs/adjustments/test/finance.js';
import {
  SHARD_COUNT,
  startApi,
  type ApiUnderTest,
} from '../../test/api-under-test.js';

const PATH = '/v1/adjustments';
const PROBLEM = 'urn:traffic-reward-ledger:problem:';
const GIVE = {
  type: 'give',
  merchantId: 'm1',
  program: 'daily',
  unit: 'ANY_IMP',
  amount: 500,
  expiresAt: '2036-01-01T08:00:00+08:00',
};

interface Page {
  proposals: { proposalId: string }[];
  next: string | null;
}

describe('/v1/adjustments', () => {
  let api: ApiUnderTest;
  let services: Services;
  let alice: Awaited<ReturnType<ApiUnderTest['asNamed']>>;
  let bob: typeof alice;

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    alice = await api.asNamed('operator', 'alice');
    bob = await api.asNamed('approver', 'bob');
    services = new Services(api.pool, shardOf('m1', SHARD_COUNT), SHARD_COUNT);
    await services.earn('m1', 0);
  });
  afterAll(() => api.close());

  function propose(adjustment: object, key: string = randomUUID()) {
    return alice
      .post(PATH)
      .set('idempotency-key', key)
      .send({ adjustment, reason: 'outage' });
  }

  function approve(id: string, by = bob, key: string = randomUUID()) {
    return by.post(`${PATH}/${id}/approval`).set('idempotency-key', key);
  }

  async function proposed(adjustment: object): Promise<string> {
    const { body } = await propose(adjustment).expect(201);
    return (body as { proposalId: string }).proposalId;
  }

  async function available(): Promise<number> {
    const { body } = await api.as.auditor
      .get('/v1/merchants/m1/wallet')
      .expect(200);
    const { balances } = body as {
      balances: { unit: string; available: number }[];
    };
    return balances.find(({ unit }) => unit === 'ANY_IMP')!.available;
  }

  it('moves what one person proposed and another approved, in the names of their tokens', async () => {
    const before = await available();
    const id = await proposed(GIVE);
    expect(await available()).toBe(before);
    const { body } = await approve(id).expect(200);
    expect(await available()).toBe(before + 500);
    const { decided } = body.parts[0];
    expect(decided).toMatchObject({ decision: 'approved', decidedBy: 'bob' });
    const { body: entry } = await api.as.auditor
      .get(`/v1/entries/${decided.entryId}`)
      .expect(200);
    expect(entry.cause).toMatchObject({
      proposalId: id,
      proposedBy: 'alice',
      approvedBy: 'bob',
      reason: 'outage',
    });
  });

  it('is approved by nobody who proposed it, whatever their token may', async () => {
    const before = await available();
    const id = await proposed(GIVE);
    const alsoApprover = await api.asNamed('approver', 'alice');
    const { body } = await approve(id, alsoApprover).expect(422);
    expect(body).toMatchObject({
      type: `${PROBLEM}adjustment-refused`,
      detail:
        'Refused: alice cannot approve what alice proposed: it takes another identity.',
    });
    expect(await available()).toBe(before);
  });

  it('is proposed once and made once for one key, also by whoever lost the answer', async () => {
    const before = await available();
    const key = randomUUID();
    const [first, second] = [
      await propose(GIVE, key),
      await propose(GIVE, key),
    ];
    expect(second.body).toEqual(first.body);
    const id = (first.body as { proposalId: string }).proposalId;
    await approve(id, bob, key).expect(200);
    await approve(id, bob, key).expect(200);
    await approve(id).expect(200);
    expect(await available()).toBe(before + 500);
  });

  it('is made once where several approve it at once, and all of them are told that it is', async () => {
    const before = await available();
    const id = await proposed(GIVE);
    const answers = await Promise.all([1, 2, 3, 4].map(() => approve(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await available()).toBe(before + 500);
  });

  it('refuses what the ledger has not got, and says so', async () => {
    const { body } = await propose({
      type: 'payout',
      merchantId: 'm1',
      amount: 51,
    }).expect(422);
    expect(body.detail).toBe(
      'Refused: merchant:m1:payable has 50 CNY, less than 51.',
    );
    await propose({ type: 'take_back', lotId: 'grants-0-999', amount: 1 })
      .expect(422)
      .expect(({ body: told }) =>
        expect(told.detail).toBe('Refused: there is no lot grants-0-999.'),
      );
  });

  it.each([
    [{ ...GIVE, amount: 2 ** 53 }, 'adjustment.amount'],
    [{ ...GIVE, amount: 0 }, 'adjustment.amount'],
    [{ ...GIVE, expiresAt: '2036-01-01' }, 'adjustment.expiresAt'],
    [{ ...GIVE, note: '' }, 'adjustment.note'],
    [{ ...GIVE, type: 'gift' }, 'adjustment.type'],
    [
      { type: 'budget', program: 'p', unit: 'CNY', amount: 1, shard: 64 },
      'adjustment.shard',
    ],
  ])('refuses %j, naming %s', async (adjustment, field) => {
    const { body } = await propose(adjustment).expect(400);
    expect(body.errors).toMatchObject([{ field }]);
  });

  it('lists those that wait, the last first, page by page, and keeps those that were rejected', async () => {
    const ids = [await proposed(GIVE), await proposed(GIVE)];
    const pages: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: Page } = await bob
        .get(PATH)
        .query({ open: true, limit: 1, ...(cursor ? { cursor } : {}) })
        .expect(200);
      pages.push(...body.proposals.map(({ proposalId }) => proposalId));
      cursor = body.next;
    }
    expect(pages.slice(0, 2)).toEqual(ids.toReversed());
    expect(new Set(pages).size).toBe(pages.length);
    const rejected = await alice
      .post(`${PATH}/${ids[0]}/rejection`)
      .set('idempotency-key', randomUUID())
      .send({ reason: 'a mistake' })
      .expect(200);
    expect(rejected.body.state).toBe('rejected');
    await approve(ids[0]!).expect(422);
    const { body } = await bob.get(`${PATH}/${ids[0]}`).expect(200);
    expect(body.parts[0].decided).toMatchObject({
      decision: 'rejected',
      decidedBy: 'alice',
      reason: 'a mistake',
    });
  });

  it('knows no proposal that there is not', async () => {
    await bob.get(`${PATH}/adj-0-000000000000`).expect(404);
    await approve('adj-0-000000000000').expect(404);
    await approve('adj-84145-dd0').expect(404);
  });

  it('takes no identity that looks like another', async () => {
    const capital = await api.asNamed('operator', 'Alice');
    const { body } = await capital
      .post(PATH)
      .set('idempotency-key', randomUUID())
      .send({ adjustment: GIVE, reason: 'outage' })
      .expect(422);
    expect(body.detail).toContain('"Alice" is no identity');
  });
});
