import { inject } from 'vitest';
import {
  entryId,
  move,
  settleOwed,
  type Entry,
  type EntryDraft,
  type RewardTakenBackCause,
} from '@app/ledger';
import {
  createPool,
  cutAt,
  insertLots,
  lotsAsOf,
  readEntries,
  readJournalHead,
  rebuildDerivedTables,
  ROLES,
  verifyLedger,
  type Pool,
  type Role,
} from '@app/ledger/postgres';
import { evolve, UNKNOWN_MERCHANT } from '@app/promotion';
import { readMerchants } from '@app/promotion/postgres';
import { grantOf, takingBack } from '../../../libs/ledger/test/entries.js';
import {
  commit,
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import { oneOrderAPlacement } from '../../../libs/promotion/test/one-order-a-placement.js';
import { PromoterByHand } from '../test/promoter-by-hand.js';

const SHARD = 7;
const GRANTS = { journal: 'grants', shard: SHARD } as const;
const PROMOTIONS = { journal: 'promotions', shard: SHARD } as const;
const EXPIRES_AT = '2036-01-01T00:00:00.000Z';

describe('the promoter, where the granter wants a lot taken back', () => {
  let ledger: TestLedger;
  let granters: Pool;
  let promoters: Pool;
  let promoter: PromoterByHand;

  beforeEach(async () => {
    ledger = await createLedger(inject('postgresUrl'));
    const poolOf = (role: Role) =>
      createPool(ledger.url, {
        applicationName: 'test',
        maxConnections: 2,
        role,
      });
    granters = poolOf(ROLES.granter);
    promoters = poolOf(ROLES.promoter);
    promoter = new PromoterByHand(promoters, SHARD, oneOrderAPlacement);
    await commit(granters, GRANTS, [budget]);
  });
  afterEach(async () => {
    const findings: string[] = [];
    await verifyLedger(ledger.pool, {
      shards: [SHARD],
      onFinding: ({ problem }) => findings.push(problem),
    });
    expect(findings).toEqual([]);
    const rebuilt = await rebuildDerivedTables(ledger.pool, { write: false });
    expect(rebuilt.flatMap(({ examples }) => examples)).toEqual([]);
    await expectStateToFollowJournals();
    await Promise.all([granters.end(), promoters.end()]);
    await ledger.close();
  });

  it('takes from the lot what is available', async () => {
    const lotId = await grant(1_000n);
    const decidedBy = await decide({ [lotId]: 400 });
    await promoter.follow();
    const [entry] = await clawbacks();
    expect(entry).toMatchObject({
      kind: 'clawback',
      merchantId: 'm1',
      postings: [
        { account: 'available', amount: -400n, lotId },
        { account: 'clawed_back:ladder', amount: 400n, lotId },
      ],
      cause: { type: 'lot_taken_back', lotId, decidedBy, asked: 400 },
    });
    expect(await balances()).toEqual({
      available: 600n,
      'clawed_back:ladder': 400n,
    });
    expect(await lotNow(lotId)).toMatchObject({
      granted: 1_000n,
      available: 600n,
      clawedBack: 400n,
    });
  });

  it('makes a debt of what was spent or is reserved, and the order goes on', async () => {
    const lotId = await grant(1_000n);
    await promoter.follow();
    await promoter.goLive('m1');
    await promoter.deliver('m1', 700);
    await decide({ [lotId]: 900 });
    await promoter.follow();
    await promoter.deliver('m1', 200);
    expect(await balances()).toEqual({
      available: 0n,
      reserved: 100n,
      'spent:live': 900n,
      owed: -900n,
      'clawed_back:ladder': 900n,
    });
    // Of the lot, nothing was taken: it had been used.
    expect(await lotNow(lotId)).toMatchObject({
      reserved: 100n,
      spent: 900n,
      clawedBack: 0n,
    });
  });

  it('makes a debt again of what had settled one, with a lot and without', async () => {
    const first = await grant(1_000n);
    await promoter.follow();
    await promoter.goLive('m1');
    await promoter.deliver('m1', 1_000);
    await decide({ [first]: 1_000 });
    await promoter.follow();
    const second = await grant(400n);
    const third = await grant(900n);
    expect(await balances()).toMatchObject({ owed: 0n, available: 300n });
    await promoter.follow();
    await decide({ [third]: 900, [second]: 400 });
    await promoter.follow();
    // The 300 of the third were still there.
    expect(await balances()).toEqual({
      available: 0n,
      reserved: 0n,
      'spent:live': 1_000n,
      owed: -1_000n,
      'clawed_back:ladder': 2_300n,
    });
    await decide({ [third]: 1, [second]: 1, [first]: 1 });
    await promoter.follow();
    expect((await clawbacks()).slice(-3).map(amountTaken)).toEqual([
      0n,
      0n,
      0n,
    ]);
    expect(await balances()).toMatchObject({ owed: -1_000n });
  });

  it('takes back nothing that expired, and says so', async () => {
    const lotId = await grant(1_000n);
    await promoter.follow();
    await promoter.tick('m1', Date.parse(EXPIRES_AT));
    await decide({ [lotId]: 1_000 });
    await promoter.follow();
    const [entry] = await clawbacks();
    expect(entry).toMatchObject({ postings: [], cause: { asked: 1_000 } });
    expect(await balances()).toEqual({
      available: 0n,
      'expired:ladder': 1_000n,
    });
  });

  it('carries each decision out once, in one batch or several, whoever is the promoter by then', async () => {
    const lotIds = [await grant(1_000n), await grant(500n)];
    const [one, other] = lotIds as [string, string];
    await decide({ [other]: 500, [one]: 300 });
    await decide({ [one]: 300 });
    await promoter.follow();
    await new PromoterByHand(promoters, SHARD, oneOrderAPlacement).follow();
    await decide({ [one]: 900 });
    await new PromoterByHand(promoters, SHARD, oneOrderAPlacement).follow();
    await promoter.follow();
    expect(
      (await clawbacks()).map((entry) => [
        (entry.cause as { lotId: string }).lotId,
        amountTaken(entry),
      ]),
    ).toEqual([
      [other, 500n],
      [one, 300n],
      [one, 300n],
      [one, 400n],
    ]);
  });

  it('leaves cash to the granter', async () => {
    await commit(granters, GRANTS, [
      {
        ...decisionOf({}),
        postings: [
          ...move('CNY', 30n, 'issuance', 'payable'),
          ...move('CNY', 20n, 'payable', 'clawed_back:ladder'),
          ...move('CNY', 5n, 'owed', 'clawed_back:ladder'),
        ],
      },
    ]);
    await promoter.follow();
    expect(await clawbacks()).toEqual([]);
  });

  describe('is held by the database', () => {
    it('to what was decided', async () => {
      const lotId = await grant(1_000n);
      const decidedBy = await decide({ [lotId]: 400 });
      const taken = (amount: bigint, cause: object): EntryDraft => ({
        ...grantOf(1n),
        kind: 'clawback',
        postings: move(
          'ANY_IMP',
          amount,
          'available',
          'clawed_back:ladder',
          lotId,
        ),
        cause: {
          type: 'lot_taken_back',
          lotId,
          program: 'ladder',
          decidedBy,
          asked: 400,
          ...cause,
        },
      });
      const refused = 'takes back what was not decided';
      for (const draft of [
        taken(401n, {}),
        taken(400n, { asked: 401 }),
        taken(400n, { decidedBy: lotId }),
        taken(400n, { decidedBy: 'grants-7-99' }),
        taken(400n, { lotId: 'grants-7-99' }),
        taken(400n, { program: 'other' }),
        { ...taken(400n, {}), merchantId: 'm2', postings: [] },
      ])
        await expect(commit(ledger.pool, PROMOTIONS, [draft])).rejects.toThrow(
          refused,
        );
      await promoter.follow();
      await expect(
        commit(ledger.pool, PROMOTIONS, [taken(400n, {})]),
      ).rejects.toThrow('entry_of_taking_back');
      for (const place of [GRANTS, PROMOTIONS])
        await expect(
          commit(ledger.pool, place, [
            { ...grantOf(1n), kind: 'clawback', postings: [] },
          ]),
        ).rejects.toThrow('taken_back_with_cause');
    });

    it('to what was granted to the merchant by the program', async () => {
      const lotId = await grant(1_000n);
      for (const draft of [
        decisionOf({ [lotId]: 0 }),
        decisionOf({ 'grants-7-99': 1 }),
        decisionOf({ 'grants-7-1': 1 }),
        decisionOf({ lot: 1 }),
        { ...decisionOf({ [lotId]: 1 }), merchantId: 'm2' },
        withCause({ program: 'other', lots: [{ lotId, amount: 1 }] }),
        withCause({
          lots: [
            { lotId, amount: 1 },
            { lotId, amount: 2 },
          ],
        }),
      ])
        await expect(commit(granters, GRANTS, [draft])).rejects.toThrow(
          /takes back .* which is named twice, without an amount, or no grant/,
        );
    });
  });

  /** A grant as the granter makes it; gives its id. */
  async function grant(amount: bigint): Promise<string> {
    const { tip } = await readJournalHead(granters, 'grants', SHARD);
    const lotId = entryId('grants', SHARD, tip.sequence + 1n);
    const unit = 'ANY_IMP';
    const { postings, keptBack, received } = settleOwed({
      unit,
      amount,
      from: 'pool:ladder',
      lotId,
      owed: -((await balances())['owed'] ?? 0n),
    });
    const draft = grantOf(amount);
    const kept = keptBack > 0n ? { keptBack: Number(keptBack) } : {};
    await commit(
      granters,
      GRANTS,
      [
        {
          ...draft,
          postings,
          cause: {
            ...draft.cause,
            ...kept,
            expiresAt: EXPIRES_AT,
          } as EntryDraft['cause'],
        },
      ],
      undefined,
      () =>
        insertLots(
          SHARD,
          received > 0n
            ? [
                {
                  lotId,
                  merchantId: 'm1',
                  unit,
                  granted: received,
                  expiresAtMs: Date.parse(EXPIRES_AT),
                  program: 'ladder',
                },
              ]
            : [],
        ),
    );
    return lotId;
  }

  /** The granter's decision; gives its id. */
  async function decide(lots: Record<string, number>): Promise<string> {
    const committed = await commit(granters, GRANTS, [decisionOf(lots)]);
    return entryId('grants', SHARD, committed!.entries[0]!.sequence);
  }

  async function clawbacks(): Promise<Entry[]> {
    const entries = await readEntries(
      ledger.pool,
      'promotions',
      SHARD,
      1n,
      1_000,
    );
    return entries.filter(({ kind }) => kind === 'clawback');
  }

  async function balances(): Promise<Record<string, bigint>> {
    const { rows } = await ledger.pool.query<{
      account: string;
      amount: bigint;
    }>(
      `SELECT account, sum(amount) AS amount FROM merchant_balance
       WHERE shard = $1 AND merchant_id = 'm1' AND unit = 'ANY_IMP' GROUP BY account`,
      [SHARD],
    );
    return Object.fromEntries(
      rows.map(({ account, amount }) => [account, amount]),
    );
  }

  async function lotNow(lotId: string) {
    const cut = await cutAt(ledger.pool, 'now', [SHARD]);
    const merchant = { shard: SHARD, merchantId: 'm1' };
    const { lots } = await lotsAsOf(ledger.pool, merchant, cut, { limit: 9 });
    return lots.find((lot) => lot.lotId === lotId);
  }

  /** What the promoter keeps of lots and orders is what both journals make of them. */
  async function expectStateToFollowJournals(): Promise<void> {
    const entries = (
      await Promise.all(
        (['grants', 'promotions'] as const).map((journal) =>
          readEntries(ledger.pool, journal, SHARD, 1n, 1_000),
        ),
      )
    ).flat();
    const folded = entries
      .filter(({ merchantId }) => merchantId === 'm1')
      .reduce(evolve, UNKNOWN_MERCHANT);
    const kept = await readMerchants(ledger.pool, SHARD, ['m1']);
    const { lots, orders } = kept.get('m1') ?? UNKNOWN_MERCHANT;
    if (kept.size > 0)
      expect({ lots, orders }).toEqual({
        lots: folded.lots,
        orders: folded.orders,
      });
  }
});

const budget: EntryDraft = {
  ...grantOf(1n),
  kind: 'budget',
  merchantId: null,
  postings: move('ANY_IMP', 10_000n, 'issuance', 'pool:ladder'),
  cause: {
    type: 'program_published',
    program: 'ladder',
    version: 1,
    unit: 'ANY_IMP',
    programHash: '00',
  },
};

function decisionOf(lots: Record<string, number>): EntryDraft {
  return withCause({
    lots: Object.entries(lots).map(([lotId, amount]) => ({ lotId, amount })),
  });
}

function withCause(cause: Partial<RewardTakenBackCause>): EntryDraft {
  const decision = takingBack('', 1n);
  return {
    ...decision,
    cause: { ...decision.cause, ...cause } as RewardTakenBackCause,
  };
}

function amountTaken({ postings }: Entry): bigint {
  return postings
    .filter(({ amount }) => amount > 0n)
    .reduce((sum, { amount }) => sum + amount, 0n);
}
