import { HttpStatus } from '@nestjs/common';
import type { KafkaMessage } from 'kafkajs';
import { TOPICS, type CloudEvent } from '@app/contracts';
import {
  invalidRequest,
  ProblemException,
  type FieldError,
} from '@app/platform';
import type { PageReader } from '../kafka/page-reader.js';
import type { PartitionEnds, TopicEnds } from '../kafka/topic-ends.js';
import type { ActivityPublisher } from '../merchants/activity-publisher.js';
import {
  replayOf,
  tellDeadLetter,
  type ToldDeadLetter,
} from './dead-letter.js';

/** Of the values of a page: one may be as large as Kafka takes it. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

export interface LetterPlace {
  partition: number;
  offset: bigint;
}

export interface Replayed {
  topic: string;
  merchantId: string;
  source: string;
  id: string;
}

export class DeadLettersService {
  constructor(
    private readonly pages: PageReader,
    private readonly topicEnds: TopicEnds,
    private readonly publisher: ActivityPublisher,
  ) {}

  /**
   * Dead letters by partition and offset.
   *
   * @param from the first; from the beginning where it is null
   */
  async list(
    from: LetterPlace | null,
    limit: number,
  ): Promise<{ deadLetters: ToldDeadLetter[]; next: LetterPlace | null }> {
    const all = [...(await this.#readEnds())].sort(([a], [b]) => a - b);
    const deadLetters: ToldDeadLetter[] = [];
    let bytes = 0;
    for (const [partition, { first, end }] of all) {
      if (from && partition < from.partition) continue;
      const asked = from?.partition === partition ? from.offset : first;
      const offset = asked > first ? asked : first;
      if (offset >= end) continue;
      if (deadLetters.length === limit || bytes >= PAGE_BYTES_MAX)
        return { deadLetters, next: { partition, offset } };
      const found = await this.pages.read({
        partition,
        offset,
        end,
        limit: limit - deadLetters.length,
        bytesMax: PAGE_BYTES_MAX - bytes,
      });
      bytes += found.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      deadLetters.push(
        ...found.map((message) => tellDeadLetter(partition, message)),
      );
      const last = found.at(-1);
      const isFull = deadLetters.length === limit || bytes >= PAGE_BYTES_MAX;
      if (last && isFull && BigInt(last.offset) + 1n < end)
        return {
          deadLetters,
          next: { partition, offset: BigInt(last.offset) + 1n },
        };
    }
    return { deadLetters, next: null };
  }

  /**
   * Publishes a dead letter on its topic again: the same event again is the same event to whoever takes it.
   *
   * @param corrected what it should have been; without, as it was
   * @throws ProblemException 404 `not-found`, 400 where the corrected event, 422 where the letter itself cannot be read
   */
  async replay(
    place: LetterPlace,
    corrected: CloudEvent | undefined,
  ): Promise<Replayed> {
    const replay = replayOf(place, await this.#readOne(place), corrected);
    if (!replay) throw unreadable('it came from no topic that anybody reads');
    const { message, read } = replay;
    if (!read.ok)
      throw corrected
        ? invalidRequest(fieldErrors(read.detail))
        : unreadable(`${read.refusal}: ${read.detail}`);
    await this.publisher.send(message);
    const { source, id, merchantId } = read.event;
    return { topic: message.topic, merchantId, source, id };
  }

  async #readOne({ partition, offset }: LetterPlace): Promise<KafkaMessage> {
    const ends = (await this.#readEnds()).get(partition);
    if (ends && offset >= ends.first) {
      const [message] = await this.pages.read({
        partition,
        offset,
        end: ends.end,
        limit: 1,
        bytesMax: PAGE_BYTES_MAX,
      });
      if (message && BigInt(message.offset) === offset) return message;
    }
    throw new ProblemException({
      kind: 'not-found',
      status: HttpStatus.NOT_FOUND,
      detail: `There is no dead letter ${offset} in partition ${partition}.`,
    });
  }

  async #readEnds(): Promise<ReadonlyMap<number, PartitionEnds>> {
    const ends = await this.topicEnds.read([TOPICS.deadLetters]);
    return ends.get(TOPICS.deadLetters)!;
  }
}

/** @param detail as the contract says it: `path: message`, several parted by semicolons */
function fieldErrors(detail: string): FieldError[] {
  return detail.split('; ').map((part) => {
    const [, path, message] = /^([\w.]+): (.*)$/s.exec(part) ?? [];
    return {
      field: path ? `event.${path}` : 'event',
      message: message ?? part,
    };
  });
}

function unreadable(because: string): ProblemException {
  return new ProblemException({
    kind: 'dead-letter-unreadable',
    status: HttpStatus.UNPROCESSABLE_ENTITY,
    detail: `It would be a dead letter again: ${because}.`,
  });
}
