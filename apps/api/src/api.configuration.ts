import { z } from 'zod';
import {
  EMBEDDED_ISSUER,
  issuerList,
  port,
  serviceConfiguration,
} from '@app/platform';

export const PRODUCTION = 'production';

export const apiConfiguration = serviceConfiguration
  .omit({ HEALTH_HOST: true, HEALTH_PORT: true })
  .extend({
    NODE_ENV: z.string().default('development'),
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port.default(3000),
    /** Whose tokens are taken. */
    AUTH_ISSUERS: issuerList,
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
