import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { StoredAnswer } from '../changes/stored-answer.js';
import { toExactJson } from '../exact-json.js';
import { TaggedAnswer } from './entity-tag.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** To be kept by whoever has asked, and asked for again each time. */
const REVALIDATED = 'private, no-cache';

/**
 * Express, answering objects as JSON in which amounts keep every digit; texts, such as metrics, and files stay as they
 * are. No interceptor does that: with a single one, each answer goes through Observables, which cost more than it does.
 */
export class ExactJsonAdapter extends ExpressAdapter {
  override reply(response: Response, body: unknown, status?: number): unknown {
    if (body instanceof TaggedAnswer) return replyTagged(response, body);
    if (body instanceof StoredAnswer)
      return send(response.status(body.status), body.json, body.contentType);
    if (
      typeof body !== 'object' ||
      body === null ||
      body instanceof StreamableFile
    )
      return super.reply(response, body, status);
    if (status !== undefined) response.status(status);
    return send(response, toExactJson(body)!);
  }
}

function replyTagged(response: Response, { json, tag }: TaggedAnswer): void {
  response.setHeader('etag', tag);
  response.setHeader('cache-control', REVALIDATED);
  if (response.req.fresh) response.status(304).end();
  else send(response, json);
}

/** @param type where the answer has none yet */
function send(response: Response, json: string, type = JSON_TYPE): void {
  if (!response.hasHeader('content-type'))
    response.setHeader('content-type', type);
  response.setHeader('content-length', Buffer.byteLength(json));
  // Of HEAD, Node sends no body by itself.
  response.end(json);
}
