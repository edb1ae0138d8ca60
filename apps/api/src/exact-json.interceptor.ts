import {
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { StoredAnswer } from './changes/stored-answer.js';
import { toExactJson } from './exact-json.js';
import { TaggedAnswer } from './http/entity-tag.js';

/** To be kept by whoever has asked, and asked for again each time. */
const REVALIDATED = 'private, no-cache';

/** Answers objects as JSON in which amounts keep every digit; texts, such as metrics, and files stay as they are. */
export class ExactJsonInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // Its events are texts already, one by one.
    if (Reflect.hasMetadata(SSE_METADATA, context.getHandler()))
      return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((body: unknown) => {
        if (body instanceof StoredAnswer) {
          response.status(body.status).type(body.contentType);
          return body.json;
        }
        if (body instanceof TaggedAnswer) {
          response.type('application/json');
          response.set({ etag: body.tag, 'cache-control': REVALIDATED });
          return toExactJson(body.body);
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
