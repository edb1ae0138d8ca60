import { z } from 'zod';
import {
  EMBEDDED_ISSUER,
  issuerList,
  port,
  serviceConfiguration,
} from '@app/platform';

export const PRODUCTION = 'production';

const commaSeparated = z.string().transform((text) => text.split(/\s*,\s*/));

const ORIGINS_EXPECTED =
  'expected origins, e.g. https://console.example.com, several parted by commas';

const origins = commaSeparated.refine(
  (list) =>
    list.every((text) => URL.canParse(text) && new URL(text).origin === text),
  ORIGINS_EXPECTED,
);

const PER_MINUTE_EXPECTED = 'expected a whole number of requests, 0 for any';

const perMinute = z
  .string(PER_MINUTE_EXPECTED)
  .regex(/^\d{1,9}$/, PER_MINUTE_EXPECTED)
  .transform(Number);

export const apiConfiguration = serviceConfiguration
  .omit({ HEALTH_HOST: true, HEALTH_PORT: true })
  .extend({
    NODE_ENV: z.string().default('development'),
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port.default(3000),
    /** The directory of the transparency log's tiles; nothing is proven where it is not set. */
    LOG_DIR: z.string().optional(),
    /** Whose tokens are taken. */
    AUTH_ISSUERS: issuerList,
    /** The web pages that browsers may call the api from; none where it is not set. */
    API_CORS_ORIGINS: origins.default([]),
    /** What may say whom it calls for; none where it is not set, and then a header that says so is not read. */
    API_TRUSTED_PROXIES: commaSeparated.default([]),
    /** 0 for any number. */
    API_REQUESTS_PER_MINUTE_PER_TOKEN: perMinute.default(6_000),
    API_REQUESTS_PER_MINUTE_PER_ADDRESS: perMinute.default(60_000),
  })
  .refine(
    ({ NODE_ENV, AUTH_ISSUERS }) =>
      NODE_ENV !== PRODUCTION ||
      AUTH_ISSUERS.every(({ issuer }) => issuer !== EMBEDDED_ISSUER),
    {
      path: ['AUTH_ISSUERS'],
      message: `production takes no tokens of ${EMBEDDED_ISSUER}, whose key is for trying things out: name your identity provider`,
    },
  );

export type ApiConfiguration = z.output<typeof apiConfiguration>;
