import { randomUUID } from 'node:crypto';
import { createApiClient } from '@app/api-client';
import type { CallerRole } from '@app/platform';
import { eventually } from './support/eventually.js';
import { TestStack } from './support/test-stack.js';

const NIGHT_SHIFT = {
  fileName: 'night-shift.yaml',
  text: `
program: night-shift
version: 1
title: { zh: 夜班, en: Night shift }
pools: { ANY_IMP: 1000000 }
goals:
  - goal: orders
    metric: orders
    period: day
    tiers:
      - { tier: first, at: 1, rewards: [{ unit: ANY_IMP, amount: 100, expiresAfterDays: 7 }] }
`,
};

const LONGEST_WAIT_MS = 120_000;

type Client = ReturnType<typeof createApiClient>;

/** While the simulator's merchants trade and are promoted; all of it by the client that is generated from OpenAPI. */
describe('a day', () => {
  let stack: TestStack;
  let auditor: Client;
  let operator: Client;
  let merchantId: string;

  beforeAll(async () => {
    stack = await TestStack.create();
    await stack.start();
    auditor = clientOf('auditor');
    operator = clientOf('operator');
    merchantId = await eventually(async () => {
      const { data } = await auditor.GET('/v1/entries', {
        params: { query: { kind: 'deliver', limit: 1 } },
      });
      return data!.entries[0]!.merchantId!;
    }, LONGEST_WAIT_MS);
  });

  afterAll(async () => {
    await stack.stop();
    await stack.remove();
  });

  it('of a merchant: what there is, why, what it brought, and the switch', async () => {
    const merchant = clientOf('merchant', merchantId);
    const params = { path: { id: merchantId } };
    const wallet = await merchant.GET('/v1/merchants/{id}/wallet', { params });
    const spent = wallet.data!.balances.map((balance) => balance.spent);
    expect(Math.max(...spent)).toBeGreaterThan(0);

    const { data: granted } = await merchant.GET('/v1/merchants/{id}/grants', {
      params,
    });
    const [latest] = granted!.grants;
    expect(latest!.explanation.zh).toContain(merchantId);
    expect(latest!.explanation.en).toContain(merchantId);

    const { data: statement } = await merchant.GET(
      '/v1/merchants/{id}/statement',
      { params },
    );
    expect(statement!.lines.length).toBeGreaterThan(0);
    const { data: expiring } = await merchant.GET(
      '/v1/merchants/{id}/lots/expiring',
      { params: { ...params, query: { withinDays: 60 } } },
    );
    expect(expiring).toBeDefined();
    const { data: results } = await merchant.GET('/v1/merchants/{id}/results', {
      params: { ...params, query: { by: 'placement' } },
    });
    expect(results).toBeDefined();

    const turn = async (enabled: boolean) => {
      const { data } = await merchant.PUT('/v1/merchants/{id}/auto-promotion', {
        params: { ...params, header: keyed() },
        body: enabled
          ? { enabled, limits: { dailyCapImpressions: 5_000 } }
          : { enabled },
      });
      return data;
    };
    expect(await turn(false)).toMatchObject({ enabled: false });
    await eventually(async () => {
      const { data } = await merchant.GET('/v1/merchants/{id}/wallet', {
        params,
      });
      expect(data!.balances.map(({ reserved }) => reserved)).toEqual([
        0, 0, 0, 0,
      ]);
    });
    expect(await turn(true)).toMatchObject({ enabled: true });

    const { error } = await merchant.GET('/v1/merchants/{id}/wallet', {
      params: { path: { id: `${merchantId}-of-another` } },
    });
    expect(error).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:forbidden',
    });
  });

  it('of an auditor: sums, lives, proofs, and what reports and activity say', async () => {
    const { data: trial } = await auditor.GET('/v1/ledger/trial-balance');
    const sums = new Map<string, number>();
    for (const { unit, balance } of trial!.accounts)
      sums.set(unit, (sums.get(unit) ?? 0) + balance);
    expect(new Set(sums.values())).toEqual(new Set([0]));

    const { data: page } = await auditor.GET('/v1/entries', {
      params: { query: { merchant: merchantId, kind: 'grant' } },
    });
    const { entryId, cause } = page!.entries[0]!;
    const { data: entry } = await auditor.GET('/v1/entries/{entryId}', {
      params: { path: { entryId } },
    });
    expect(entry).toEqual(page!.entries[0]);
    const { events } = cause as object as {
      events: { source: string; id: string }[];
    };
    const { source, id } = events[0]!;
    const { data: effects } = await auditor.GET('/v1/events/effects', {
      params: { query: { source, id } },
    });
    expect(effects!.entries.map((effect) => effect.entryId)).toContain(entryId);

    const { data: totals } = await auditor.GET('/v1/ledger/totals', {
      params: { query: { by: 'program' } },
    });
    expect(totals!.totals.length).toBeGreaterThan(0);
    const { data: activity } = await auditor.GET('/v1/reconciliation/activity');
    expect(activity!.differences).toEqual([]);
    // Orders that were closed ahead of their reports are no mistake.
    const { data: deliveries } = await auditor.GET(
      '/v1/reconciliation/deliveries',
    );
    const mistakes = deliveries!.differences.filter((one) => one.isMistake);
    expect(mistakes).toEqual([]);

    const proven = await eventually(async () => {
      const { data } = await auditor.GET('/v1/log/inclusion', {
        params: { query: { entry: entryId } },
      });
      return data!;
    });
    expect(proven.entryId).toBe(entryId);
    const { data: balances } = await auditor.GET(
      '/v1/merchants/{id}/balances/proof',
      { params: { path: { id: merchantId } } },
    );
    expect(balances).toBeDefined();

    const { data: changes } = await auditor.GET('/v1/changes', {
      params: { query: { merchant: merchantId } },
    });
    expect(changes!.changes[0]).toMatchObject({
      operation: 'turnAutoPromotion',
      merchantId,
    });
    const { error } = await auditor.POST('/v1/programs', {
      params: { header: keyed() },
      body: NIGHT_SHIFT,
    });
    expect(error).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:forbidden',
    });
  });

  it('of an operator: a program from its draft to its pause, its budget, and what needs a look', async () => {
    const { data: check } = await operator.POST('/v1/program-checks', {
      body: { files: [NIGHT_SHIFT] },
    });
    expect(check!.mistakes).toEqual([]);
    const { data: dryRun } = await operator.POST('/v1/program-dry-runs', {
      body: { draft: NIGHT_SHIFT, top: 10 },
    });
    expect(dryRun).toBeDefined();

    const published = await operator.POST('/v1/programs', {
      params: { header: keyed() },
      body: NIGHT_SHIFT,
    });
    expect(published.data).toMatchObject({ program: 'night-shift' });
    await eventually(async () => {
      const { data } = await auditor.GET('/v1/entries', {
        params: { query: { program: 'night-shift', kind: 'grant' } },
      });
      expect(data!.entries.length).toBeGreaterThan(0);
    }, LONGEST_WAIT_MS);

    const { data: proposal } = await operator.POST('/v1/adjustments', {
      params: { header: keyed() },
      body: {
        reason: 'more nights than planned',
        adjustment: {
          type: 'budget',
          program: 'night-shift',
          unit: 'ANY_IMP',
          amount: 500_000,
        },
      },
    });
    const { proposalId } = proposal!;
    const approved = await clientOf('approver').POST(
      '/v1/adjustments/{proposalId}/approval',
      { params: { path: { proposalId }, header: keyed() } },
    );
    expect(approved.data).toMatchObject({ state: 'approved' });
    const path = { program: 'night-shift' };
    const { data: funded } = await operator.GET('/v1/programs/{program}', {
      params: { path },
    });
    expect(funded!.funds[0]).toMatchObject({ budget: 1_500_000 });

    const paused = await operator.POST('/v1/programs/{program}/pause', {
      params: { path, header: keyed() },
      body: { reason: 'orders among friends' },
    });
    expect(paused.data!.paused).toMatchObject({
      reason: 'orders among friends',
    });
    const resumed = await operator.POST('/v1/programs/{program}/resumption', {
      params: { path, header: keyed() },
      body: { reason: 'they were in order' },
    });
    expect(resumed.data!.paused).toBeNull();

    const { data: consumers } = await operator.GET('/v1/consumers');
    expect(consumers).toBeDefined();
    const { data: letters } = await operator.GET('/v1/dead-letters');
    expect(letters).toBeDefined();
    const flagged = await operator.POST('/v1/merchants/{id}/risk-flags', {
      params: { path: { id: merchantId }, header: keyed() },
      body: { reason: 'orders among friends' },
    });
    expect(flagged.error).toBeUndefined();
  });

  function clientOf(role: CallerRole, ofMerchant?: string): Client {
    return createApiClient({
      url: stack.apiUrl,
      token: async () => {
        const { authorization } = await stack.authorization(role, ofMerchant);
        return authorization!.slice('Bearer '.length);
      },
    });
  }
});

/** What a change needs. */
function keyed() {
  return { 'Idempotency-Key': randomUUID() };
}
