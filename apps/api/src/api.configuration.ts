import { z } from 'zod';
import { port, serviceConfiguration } from '@app/platform';

export const apiConfiguration = serviceConfiguration
  .omit({ HEALTH_HOST: true, HEALTH_PORT: true })
  .extend({
    /** Loopback alone, for as long as nobody has to say who they are. */
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: port.default(3000),
  });

export type ApiConfiguration = z.output<typeof apiConfiguration>;
