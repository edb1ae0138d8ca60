import { z } from 'zod';
import { serviceConfiguration } from '@app/platform';

export const granterConfiguration = serviceConfiguration.extend({
  /** The directory of the program files. */
  PROGRAMS_DIR: z.string().default('programs'),
});
