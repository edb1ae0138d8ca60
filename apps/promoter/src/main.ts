import { NestFactory } from '@nestjs/core';
import {
  createLogger,
  readConfiguration,
  runApp,
  serviceConfiguration,
} from '@app/platform';
import { KafkaBatchStrategy } from '@app/streaming';
import { PromoterModule } from './promoter.module.js';

await runApp(async () => {
  const configuration = readConfiguration(serviceConfiguration);
  const app = await NestFactory.create(PromoterModule.forRoot(configuration), {
    logger: createLogger(configuration.LOG_LEVEL),
    abortOnError: false,
  });
  app.connectMicroservice({ strategy: app.get(KafkaBatchStrategy) });
  await app.startAllMicroservices();
  await app.listen(configuration.HEALTH_PORT, configuration.HEALTH_HOST);
  return app;
});
