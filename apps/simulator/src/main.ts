import { NestFactory } from '@nestjs/core';
import { createLogger, readConfiguration, runApp } from '@app/platform';
import { simulatorConfiguration } from './simulator.configuration.js';
import { SimulatorModule } from './simulator.module.js';

await runApp(async () => {
  const configuration = readConfiguration(simulatorConfiguration);
  const app = await NestFactory.create(SimulatorModule.forRoot(configuration), {
    logger: createLogger(configuration.LOG_LEVEL),
    abortOnError: false,
  });
  await app.listen(configuration.HEALTH_PORT, configuration.HEALTH_HOST);
  return app;
});
