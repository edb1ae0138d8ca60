import {
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { StoredAnswer } from './changes/stored-answer.js';
import { toExactJson } from './exact-json.js';

/** Answers objects as JSON in which amounts keep every digit; texts, such as metrics, and files stay as they are. */
export class ExactJsonInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((body: unknown) => {
        if (body instanceof StoredAnswer) {
          response.status(body.status).type(body.contentType);
          return body.json;
        }
        if (
          typeof body !== 'object' ||
          body === null ||
          body instanceof StreamableFile
        )
          return body;
        response.type('application/json');
        return toExactJson(body);
      }),
    );
  }
}
