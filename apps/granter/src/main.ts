import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import {
  createLogger,
  readConfiguration,
  runApp,
  serviceConfiguration,
} from '@app/platform';
import { KafkaBatchStrategy } from '@app/streaming';
import { GranterModule } from './granter.module.js';
import { loadPrograms } from './load-programs.js';

const granterConfiguration = serviceConfiguration.extend({
  /** The directory of the program files. */
  PROGRAMS_DIR: z.string().default('programs'),
});

await runApp(async () => {
  const configuration = readConfiguration(granterConfiguration);
  const programs = await loadPrograms(configuration.PROGRAMS_DIR);
  const app = await NestFactory.create(
    GranterModule.forRoot(configuration, programs),
    { logger: createLogger(configuration.LOG_LEVEL), abortOnError: false },
  );
  app.connectMicroservice({ strategy: app.get(KafkaBatchStrategy) });
  await app.startAllMicroservices();
  await app.listen(configuration.HEALTH_PORT, configuration.HEALTH_HOST);
  return app;
});
