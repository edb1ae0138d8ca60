import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import {
  createLogger,
  httpMetrics,
  schemaValidationPipe,
  type Route,
} from '@app/platform';
import type { ApiConfiguration } from './api.configuration.js';
import { ApiModule } from './api.module.js';
import { ExactJsonAdapter } from './http/exact-json.adapter.js';
import { protect } from './http/protect.js';
import { refuseOtherMethods } from './http/refuse-other-methods.js';
import { ROUTES } from './openapi/openapi.controller.js';

/** The largest body that any call takes. */
const BODY_LIMIT_BYTES = 16 * 1024;

/** The api, ready to listen. */
export async function createApi(
  configuration: ApiConfiguration,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.forRoot(configuration),
    new ExactJsonAdapter(),
    {
      logger: createLogger(configuration.LOG_LEVEL),
      abortOnError: false,
      bodyParser: false,
    },
  );
  // Every answer says when it was read: no two are the same.
  app.disable('etag');
  app.use(httpMetrics(app.get(Registry)));
  protect(app, configuration);
  app.use(
    refuseOtherMethods(app.get<readonly Route[]>(ROUTES, { strict: false })),
  );
  app.useBodyParser('json', { limit: BODY_LIMIT_BYTES });
  app.useGlobalPipes(schemaValidationPipe());
  return app;
}
