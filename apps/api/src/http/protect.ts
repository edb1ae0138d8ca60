import { hash } from 'node:crypto';
import { HttpStatus } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response, NextFunction } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { ProblemException } from '@app/platform';
import type { ApiConfiguration } from '../api.configuration.js';

const MINUTE_MS = 60_000;
/** Half of the addresses that a provider gives to one customer: more of them are no more callers. */
const IPV6_SUBNET_BITS = 56;
const WHOLE_REQUEST_WITHIN_MS = 30_000;
const HEADERS_WITHIN_MS = 10_000;
/** Whoever watches over the service is not to be turned away: it would be taken for dead. */
const UNLIMITED = /^\/(health|metrics)(\/|$)/;

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
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      frameguard: { action: 'deny' },
    }),
    noStore,
  );
  if (configuration.API_CORS_ORIGINS.length > 0)
    app.enableCors({
      origin: configuration.API_CORS_ORIGINS,
      exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After'],
    });
  app.use(
    limit(
      'address',
      configuration.API_REQUESTS_PER_MINUTE_PER_ADDRESS,
      ({ ip }) => ipKeyGenerator(ip ?? 'gone', IPV6_SUBNET_BITS),
    ),
    limit(
      'token',
      configuration.API_REQUESTS_PER_MINUTE_PER_TOKEN,
      ({ headers, ip }) =>
        headers.authorization === undefined
          ? ipKeyGenerator(ip ?? 'gone', IPV6_SUBNET_BITS)
          : hash('sha256', headers.authorization, 'base64url'),
    ),
  );
  const server = app.getHttpServer();
  server.requestTimeout = WHOLE_REQUEST_WITHIN_MS;
  server.headersTimeout = HEADERS_WITHIN_MS;
}

/** @param perMinute 0 for any number */
function limit(
  what: string,
  perMinute: number,
  keyGenerator: (request: Request) => string,
) {
  return rateLimit({
    identifier: what,
    windowMs: MINUTE_MS,
    limit: perMinute,
    keyGenerator,
    skip: ({ path }) => perMinute === 0 || UNLIMITED.test(path),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) =>
      next(
        new ProblemException({
          kind: 'too-many-requests',
          status: HttpStatus.TOO_MANY_REQUESTS,
          detail: `There were more than ${perMinute} requests a minute of one ${what}; wait as long as Retry-After says.`,
        }),
      ),
  });
}

/** Answers are for whoever has asked, and for now. */
function noStore(_: Request, response: Response, next: NextFunction): void {
  response.setHeader('cache-control', 'no-store');
  next();
}
