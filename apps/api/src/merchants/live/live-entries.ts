import { setTimeout as sleep } from 'node:timers/promises';
import {
  HttpStatus,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type MessageEvent,
} from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import {
  cutOfShard,
  explainedEntry,
  type JournalCut,
  type MerchantPlace,
} from '@app/ledger';
import { cutAt, entriesBehind, type ToldEntry } from '@app/ledger/postgres';
import { ProblemException } from '@app/platform';
import { toExactJson } from '../../exact-json.js';
import { AuditReader } from '../../read-model/moment-readers.js';
import { formatPosition } from './live-position.js';

const STREAMS_MAX = 1_000;
const STREAMS_OF_A_MERCHANT_MAX = 10;
const READ_EVERY_MS = 500;
const READ_AGAIN_AFTER_FAILURE_MS = 5_000;
/** Followed with one query. */
const STREAMS_A_READ = 100;
/** Of one stream: those of one with much to catch up on come page by page. */
const ENTRIES_A_READ = 20;
const HEARTBEAT_MS = 15_000;
/** A client whose stream ends comes again: with a token that is still good, to whatever process is there. */
const STREAM_ENDS_AFTER_MS = 3_600_000;

interface Stream extends MerchantPlace {
  /** Null until it is known what was there when it began. */
  behind: JournalCut | null;
  subscriber: Subscriber<MessageEvent>;
}

/** Tells merchants of their entries as they are committed: one reader for all streams of the process. */
@Injectable()
export class LiveEntries implements BeforeApplicationShutdown {
  readonly #logger = new Logger('LiveEntries');
  readonly #streams = new Set<Stream>();
  #isReading = false;

  constructor(private readonly reader: AuditReader) {}

  /**
   * The entries of a merchant behind a position, and all that follow; from now on where there is none.
   *
   * @param untilMs when it ends at the latest
   * @throws ProblemException 503 `too-many-streams`
   */
  follow(
    place: MerchantPlace,
    position: JournalCut | null,
    untilMs: number,
  ): Observable<MessageEvent> {
    if (this.#isFull(place)) throw tooManyStreams();
    return new Observable((subscriber) => {
      const stream: Stream = { ...place, behind: position, subscriber };
      const heartbeat = setInterval(() => beat(stream), HEARTBEAT_MS);
      const end = setTimeout(
        () => subscriber.complete(),
        Math.min(untilMs - Date.now(), STREAM_ENDS_AFTER_MS),
      );
      this.#streams.add(stream);
      void this.#begin(stream);
      return () => {
        clearInterval(heartbeat);
        clearTimeout(end);
        this.#streams.delete(stream);
      };
    });
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Open streams would keep the server from ending. */
  beforeApplicationShutdown(): void {
    for (const { subscriber } of this.#streams) subscriber.complete();
  }

  #isFull({ merchantId }: MerchantPlace): boolean {
    if (this.#streams.size >= STREAMS_MAX) return true;
    let count = 0;
    for (const stream of this.#streams)
      if (stream.merchantId === merchantId) count += 1;
    return count >= STREAMS_OF_A_MERCHANT_MAX;
  }

  async #begin(stream: Stream): Promise<void> {
    if (stream.behind) beat(stream);
    // Where that fails, the next read does it.
    else await this.#place([stream]).catch(() => undefined);
    await this.#read();
  }

  /** Has streams that are nowhere yet begin with now, and say so: whoever is cut off knows from where on. */
  async #place(streams: readonly Stream[]): Promise<void> {
    const without = streams.filter(({ behind }) => !behind);
    if (without.length === 0) return;
    const shards = [...new Set(without.map(({ shard }) => shard))];
    const cut = await this.reader.read((db) => cutAt(db, 'now', shards));
    for (const stream of without) {
      stream.behind ??= cutOfShard(cut, stream.shard);
      beat(stream);
    }
  }

  /** Until nobody listens. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#streams.size > 0) {
      try {
        if (!(await this.#readOnce())) await sleep(READ_EVERY_MS);
      } catch (error) {
        // What is not read now is there later.
        this.#logger.warn(`cannot read what is new: ${String(error)}`);
        await sleep(READ_AGAIN_AFTER_FAILURE_MS);
      }
    }
    this.#isReading = false;
  }

  /** @returns whether there is more to be read at once */
  async #readOnce(): Promise<boolean> {
    const all = [...this.#streams];
    await this.#place(all);
    const streams = all.filter(isPlaced);
    let isMore = false;
    for (let i = 0; i < streams.length; i += STREAMS_A_READ) {
      const asked = streams.slice(i, i + STREAMS_A_READ);
      const entries = await this.reader.read((db) =>
        entriesBehind(db, asked, ENTRIES_A_READ),
      );
      for (const [j, stream] of asked.entries()) {
        for (const entry of entries[j]!) tell(stream, entry);
        isMore ||= entries[j]!.length === ENTRIES_A_READ;
      }
    }
    return isMore;
  }
}

type PlacedStream = Stream & { behind: JournalCut };

function isPlaced(stream: Stream): stream is PlacedStream {
  return stream.behind !== null;
}

function beat({ behind, subscriber }: Stream): void {
  subscriber.next({
    ...(behind && { id: formatPosition(behind) }),
    comment: 'alive',
  });
}

function tell(stream: PlacedStream, entry: ToldEntry): void {
  stream.behind = { ...stream.behind, [entry.journal]: entry.sequence };
  stream.subscriber.next({
    type: 'entry',
    id: formatPosition(stream.behind),
    data: toExactJson(explainedEntry(entry))!,
  });
}

function tooManyStreams(): ProblemException {
  return new ProblemException({
    kind: 'too-many-streams',
    status: HttpStatus.SERVICE_UNAVAILABLE,
    detail: `There are ${STREAMS_OF_A_MERCHANT_MAX} streams of the merchant, or ${STREAMS_MAX} in all: no more are served.`,
    headers: { 'retry-after': '30' },
  });
}
