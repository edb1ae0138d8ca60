import { Module, type DynamicModule } from '@nestjs/common';
import { routesOf } from '@app/platform';
import { AsyncApiController } from './asyncapi.controller.js';
import { OpenApiController, ROUTES } from './openapi.controller.js';

@Module({ controllers: [AsyncApiController, OpenApiController] })
export class OpenApiModule {
  /**
   * @param modules whose routes are described, with its own
   * @throws Error where a route does not say what it is, or who may call it
   */
  static describing(modules: DynamicModule['imports'] = []): DynamicModule {
    const routes = routesOf([...modules, OpenApiModule]);
    return {
      module: OpenApiModule,
      providers: [{ provide: ROUTES, useValue: routes }],
    };
  }
}
