import {
  Module,
  type DynamicModule,
  type FactoryProvider,
} from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  HealthController,
  READY_CHECKS,
  type ReadyCheck,
} from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

export interface OperationsOptions {
  imports?: DynamicModule['imports'];
  inject?: FactoryProvider['inject'];
  /** Makes the checks of `/health/ready` from what is injected. */
  useFactory: (...dependencies: never[]) => ReadyCheck[];
}

/** `/health/live`, `/health/ready` and `/metrics` for any service; exports the metrics `Registry`. */
@Module({})
export class OperationsModule {
  static forRoot(options: OperationsOptions): DynamicModule {
    return {
      module: OperationsModule,
      global: true,
      imports: [
        // Whoever asks is told what failed; one line for each time somebody asks would drown the log.
        TerminusModule.forRoot({ logger: false }),
        ...(options.imports ?? []),
      ],
      controllers: [HealthController, MetricsController],
      providers: [
        {
          provide: READY_CHECKS,
          inject: options.inject ?? [],
          useFactory: options.useFactory,
        },
        { provide: Registry, useFactory: createRegistry },
      ],
      exports: [Registry],
    };
  }
}

function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
