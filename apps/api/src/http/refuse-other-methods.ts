import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException, type Route } from '@app/platform';

type RoutePlace = Pick<Route, 'method' | 'path'>;

/**
 * Express middleware that tells a path that does not exist from one that is asked with another method: 405, and the
 * methods that it has.
 */
export function refuseOtherMethods(routes: readonly RoutePlace[]) {
  // One pattern for all, since nearly every request is a good one.
  const isRoute = patternOf(
    routes.flatMap((route) =>
      methodsOf(route).map((method) => `${method} ${route.path}`),
    ),
  );
  const byPath = routes.map((route) => ({
    pattern: patternOf([route.path]),
    methods: methodsOf(route),
  }));
  return (request: Request, _: Response, next: NextFunction): void => {
    const { method, path } = request;
    if (isRoute.test(`${method} ${path}`)) return next();
    const methods = byPath.flatMap((route) =>
      route.pattern.test(path) ? route.methods : [],
    );
    if (methods.length === 0) return next();
    const allow = methods.join(', ');
    next(
      new ProblemException({
        kind: 'method-not-allowed',
        status: HttpStatus.METHOD_NOT_ALLOWED,
        detail: `The call takes ${allow}.`,
        headers: { allow },
      }),
    );
  };
}

function methodsOf({ method }: RoutePlace): string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/** @param paths as OpenAPI writes them, e.g. `/v1/merchants/{id}/wallet` */
function patternOf(paths: readonly string[]): RegExp {
  const any = paths.map((path) => path.replace(/\{\w+\}/g, '[^/]+')).join('|');
  return new RegExp(`^(?:${any})/?$`, 'i');
}
