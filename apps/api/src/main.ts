import { readConfiguration, runApp } from '@app/platform';
import { apiConfiguration } from './api.configuration.js';
import { createApi } from './create-api.js';

await runApp(async () => {
  const configuration = readConfiguration(apiConfiguration);
  const app = await createApi(configuration);
  await app.listen(configuration.API_PORT, configuration.API_HOST);
  return app;
});
