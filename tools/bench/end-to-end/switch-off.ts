import { randomUUID } from 'node:crypto';
import { mintToken } from '../../stack/token-key.js';
import type { OwnStack } from './own-stack.js';

const TOKEN_SECONDS = 600;

/**
 * Turns a merchant's switch off, as the merchant does.
 *
 * @returns milliseconds until the answer, by when all that was reserved is released
 * @throws Error where it is refused
 */
export async function turnSwitchOff(
  { apiUrl, folder }: OwnStack,
  merchantId: string,
): Promise<number> {
  const token = await mintToken(folder.tokens, {
    role: 'merchant',
    merchantId,
    lifetimeSeconds: TOKEN_SECONDS,
  });
  const url = `${apiUrl}/v1/merchants/${encodeURIComponent(merchantId)}/auto-promotion`;
  const askedAtMs = performance.now();
  const answer = await fetch(url, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ enabled: false }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${said}`);
  return performance.now() - askedAtMs;
}
