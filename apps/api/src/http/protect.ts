import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response, NextFunction } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import helmet from 'helmet';
import type { ApiConfiguration } from '../api.configuration.js';
import { limitRequests } from './limit-requests.js';

/** Half of the addresses that a provider gives to one customer: more of them are no more callers. */
const IPV6_SUBNET_BITS = 56;
const SIGNATURE_END_BYTES = 24;
/** Besides those that pages may read of any answer. */
const READ_BY_PAGES = [
  'Content-Disposition',
  'Date',
  'ETag',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
];
const WHOLE_REQUEST_WITHIN_MS = 30_000;
const HEADERS_WITHIN_MS = 10_000;

type ProtectionConfiguration = Pick<
  ApiConfiguration,
  | 'API_CORS_ORIGINS'
  | 'API_TRUSTED_PROXIES'
  | 'API_REQUESTS_PER_MINUTE_PER_TOKEN'
  | 'API_REQUESTS_PER_MINUTE_PER_ADDRESS'
>;

/** What keeps the api safe from callers that it does not know yet. Comes ahead of all that reads a request. */
export function protect(
  app: NestExpressApplication,
  configuration: ProtectionConfiguration,
): void {
  app.disable('x-powered-by');
  // Without it, whoever calls may say what address they call from.
  app.set('trust proxy', configuration.API_TRUSTED_PROXIES);
  app.use(setHeaders(protectiveHeaders()));
  if (configuration.API_CORS_ORIGINS.length > 0)
    app.enableCors({
      origin: configuration.API_CORS_ORIGINS,
      exposedHeaders: READ_BY_PAGES,
    });
  app.use(
    limitRequests([
      {
        of: 'address',
        perMinute: configuration.API_REQUESTS_PER_MINUTE_PER_ADDRESS,
        keyOf: addressOf,
      },
      {
        of: 'token',
        perMinute: configuration.API_REQUESTS_PER_MINUTE_PER_TOKEN,
        keyOf: tokenOf,
      },
    ]),
  );
  const server = app.getHttpServer();
  server.requestTimeout = WHOLE_REQUEST_WITHIN_MS;
  server.headersTimeout = HEADERS_WITHIN_MS;
}

function addressOf({ ip }: Request): string {
  return ipKeyGenerator(ip ?? 'gone', IPV6_SUBNET_BITS);
}

/** By the end of its signature, which no other token has; by its bytes, since base64 writes the same in many ways. */
function tokenOf(request: Request): string {
  const { authorization } = request.headers;
  if (authorization === undefined) return addressOf(request);
  const signature = authorization.slice(authorization.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url')
    .subarray(-SIGNATURE_END_BYTES)
    .toString('latin1');
}

/**
 * What Helmet sets, the same for every answer, but for what only pages have a use for. Besides, answers are for whoever
 * has asked, and for now.
 */
function protectiveHeaders(): Map<string, string> {
  const headers = new Map([['cache-control', 'no-store']]);
  const recorder = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xXssProtection: false,
  })(
    {} as IncomingMessage,
    recorder as unknown as ServerResponse,
    () => undefined,
  );
  return headers;
}

function setHeaders(headers: Map<string, string>) {
  return (_: Request, response: Response, next: NextFunction): void => {
    response.setHeaders(headers);
    next();
  };
}
