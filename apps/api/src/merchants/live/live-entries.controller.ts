import {
  Controller,
  Headers,
  Param,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  CalledBy,
  Operation,
  RolesAndOwnMerchant,
  type Caller,
} from '@app/platform';
import { AuditReader } from '../../read-model/moment-readers.js';
import { merchantParams, type MerchantParams } from '../merchant-params.js';
import { placeOf } from '../merchant-place.js';
import { LiveEntries } from './live-entries.js';
import { parsePosition, POSITION_PATTERN } from './live-position.js';

/** For a client that does not read, until it is cut off. */
const PENDING_MAX = 256 * 1024;

@Controller('v1/merchants/:id/events')
export class LiveEntriesController {
  constructor(
    private readonly live: LiveEntries,
    private readonly reader: AuditReader,
  ) {}

  @Sse('', { maxPendingDataLength: PENDING_MAX })
  @RolesAndOwnMerchant('id', 'auditor', 'operator', 'approver', 'service')
  @Operation({
    id: 'followEntries',
    tag: 'merchants',
    summary:
      'The entries of a merchant as they are committed, as server-sent events',
    answers: { 200: { contentTypes: ['text/event-stream'] } },
    problems: ['too-many-streams'],
    headers: {
      'Last-Event-ID': {
        description:
          'The id of the last event that was seen: what came after it is told first.',
        pattern: POSITION_PATTERN,
      },
    },
  })
  follow(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CalledBy() caller: Caller,
  ): Observable<MessageEvent> {
    return this.live.follow(
      placeOf(id, this.reader.shards),
      lastEventId === undefined ? null : parsePosition(lastEventId),
      caller.tokenExpiresAtMs,
    );
  }
}
