import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException, type Route } from '@app/platform';

type RoutePlace = Pick<Route, 'method' | 'path'>;

/**
 * Express middleware that tells a path that does not exist from one that is asked with another method: 405, and the
 * methods that it has.
 */
export function refuseOtherMethods(routes: readonly RoutePlace[]) {
  const methods = new Map<string, Set<string>>();
  for (const { method, path } of routes) {
    const known = methods.get(path) ?? new Set();
    known.add(method.toUpperCase());
    if (method === 'get') known.add('HEAD');
    methods.set(path, known);
  }
  const paths = [...methods].map(([path, known]) => ({
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
    known,
  }));
  return (request: Request, _: Response, next: NextFunction): void => {
    const matching = paths.filter(({ pattern }) => pattern.test(request.path));
    const isKnown = matching.some(({ known }) => known.has(request.method));
    if (matching.length === 0 || isKnown) return next();
    const allow = matching.flatMap(({ known }) => [...known]).join(', ');
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
