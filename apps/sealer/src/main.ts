import { NestFactory } from '@nestjs/core';
import { createLogger, readConfiguration, runApp } from '@app/platform';
import { readSealKey, sealerConfiguration } from './sealer.configuration.js';
import { SealerModule } from './sealer.module.js';
import { SealerService } from './sealer.service.js';

await runApp(async () => {
  const configuration = readConfiguration(sealerConfiguration);
  const key = await readSealKey(configuration);
  const app = await NestFactory.create(
    SealerModule.forRoot(configuration, key),
    { logger: createLogger(configuration.LOG_LEVEL), abortOnError: false },
  );
  await app.listen(configuration.HEALTH_PORT, configuration.HEALTH_HOST);
  await app.get(SealerService).start();
  return app;
});
