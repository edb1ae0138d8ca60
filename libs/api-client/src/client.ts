import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './api-types.js';

export interface ApiClientOptions {
  /** Without a path, e.g. `http://127.0.0.1:3000`. */
  url: string;
  /** Asked for at each call, so that it may change. */
  token: () => Promise<string> | string;
}

/**
 * Calls the api, with types generated from its OpenAPI document. An amount is read as a number: beyond 2^53 it loses
 * digits, and needs a parser of its own.
 */
export function createApiClient({
  url,
  token,
}: ApiClientOptions): Client<paths> {
  const client = createFetchClient<paths>({ baseUrl: url });
  client.use({
    async onRequest({ request }) {
      request.headers.set('authorization', `Bearer ${await token()}`);
      return request;
    },
  });
  return client;
}
