import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Public } from './auth/access-rule.js';
import { Operation } from './openapi/operation.js';

/** What the service counts, for Prometheus. */
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(@Inject(Registry) private readonly registry: Registry) {}

  @Get()
  @Operation({
    id: 'readMetrics',
    tag: 'operations',
    summary: 'What the service counts, for Prometheus',
    answers: { 200: { contentTypes: ['text/plain'] } },
  })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  metrics(): Promise<string> {
    return this.registry.metrics();
  }
}
