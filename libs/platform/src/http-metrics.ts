import type { IncomingMessage, ServerResponse } from 'node:http';
import { Histogram, type Registry } from 'prom-client';

/** As much of an Express request as the metrics use. */
interface RoutedRequest extends IncomingMessage {
  /** Set by the router where a route matched. */
  route?: { path: string };
}

const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/**
 * Express middleware that counts and times every request, by method, route and status. The route is its
 * pattern, never the path, so that the number of time series stays bounded.
 */
export function httpMetrics(registry: Registry) {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return (
    request: RoutedRequest,
    response: ServerResponse,
    next: () => void,
  ): void => {
    const stop = duration.startTimer();
    // Not `finish`: that never comes where the client goes away first.
    response.once('close', () => {
      stop({
        method: request.method!,
        route: request.route?.path ?? 'none',
        status: response.statusCode,
      });
    });
    next();
  };
}
