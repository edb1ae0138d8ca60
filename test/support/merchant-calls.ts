import { randomUUID } from 'node:crypto';
import type { TestStack } from './test-stack.js';

export interface WalletAnswer {
  merchantId: string;
  balances: {
    unit: string;
    available: number;
    reserved: number;
    spent: number;
    expired: number;
    clawedBack: number;
    owed: number;
  }[];
  lots: { lotId: string; unit: string; granted: number; remaining: number }[];
}

/** What merchants ask of the api, each with a token of its own. */
export class MerchantCalls {
  constructor(private readonly stack: TestStack) {}

  async turnSwitch(merchantId: string, enabled: boolean): Promise<unknown> {
    const response = await fetch(this.#url(merchantId, 'auto-promotion'), {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(await this.#authorization(merchantId)),
      },
      body: JSON.stringify({ enabled }),
    });
    expect(response.status).toBe(200);
    return response.json();
  }

  async wallet(merchantId: string): Promise<WalletAnswer> {
    const response = await fetch(this.#url(merchantId, 'wallet'), {
      headers: await this.#authorization(merchantId),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as WalletAnswer;
  }

  #authorization(merchantId: string): Promise<Record<string, string>> {
    return this.stack.authorization('merchant', merchantId);
  }

  #url(merchantId: string, what: string): string {
    return `${this.stack.apiUrl}/v1/merchants/${encodeURIComponent(merchantId)}/${what}`;
  }
}

/** What was granted, by unit, next to what became of it: the wallet's identity says that both are the same. */
export function identityOf({ balances, lots }: WalletAnswer) {
  const granted: Record<string, number> = {};
  for (const lot of lots)
    granted[lot.unit] = (granted[lot.unit] ?? 0) + lot.granted;
  const used = balances.map(
    ({ unit, available, reserved, spent, expired, clawedBack }) =>
      [unit, available + reserved + spent + expired + clawedBack] as const,
  );
  return {
    granted,
    used: Object.fromEntries(used.filter(([, amount]) => amount !== 0)),
  };
}

/** Works through items, so many at a time. */
export async function eachOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  concurrency = 10,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift())
        await work(item);
    }),
  );
}
