import { NestFactory } from '@nestjs/core';
import { createLogger, readConfiguration, runApp } from '@app/platform';
import { KafkaBatchStrategy } from '@app/streaming';
import { granterConfiguration } from './granter.configuration.js';
import { GranterModule } from './granter.module.js';
import { readDirectory } from './read-directory.js';

await runApp(async () => {
  const configuration = readConfiguration(granterConfiguration);
  const files = await readDirectory(configuration.PROGRAMS_DIR);
  const app = await NestFactory.create(
    GranterModule.forRoot(configuration, files),
    { logger: createLogger(configuration.LOG_LEVEL), abortOnError: false },
  );
  app.connectMicroservice({ strategy: app.get(KafkaBatchStrategy) });
  await app.startAllMicroservices();
  await app.listen(configuration.HEALTH_PORT, configuration.HEALTH_HOST);
  return app;
});
