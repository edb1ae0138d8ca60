import type { ReceivedMessage } from './dead-letter.js';
import type { Positioned } from './shard-writer.js';

/** What reading a message came to. */
export type ReadMessage<Event> =
  | {
      ok: true;
      event: Event;
      /** Identifies the event: the same key again is the same event. */
      key: Buffer;
      /** What the event says: the same key with another hash is a conflict. */
      hash: Buffer;
      /** The partition where the event belongs. */
      partition: number;
    }
  | { ok: false; refusal: string; detail: string };

/** A message that was read, whether or not it could be. */
export interface Intake<Event> extends Positioned {
  message: ReceivedMessage;
  read: ReadMessage<Event>;
}

/** A message with what reading it came to, and the partition where its event belongs. */
export function toIntake<Event>(
  message: ReceivedMessage,
  read:
    | { ok: true; event: Event; key: Buffer; hash: Buffer }
    | { ok: false; refusal: string; detail: string },
  partitionOf: (event: Event) => number,
): Intake<Event> {
  return {
    position: message.position,
    message,
    read: read.ok ? { ...read, partition: partitionOf(read.event) } : read,
  };
}

/** Hashes of the events that were taken before, by key in hex. */
export type SeenEvents = ReadonlyMap<string, Buffer>;

export interface AcceptedEvent<Event> {
  event: Event;
  key: Buffer;
  hash: Buffer;
  message: ReceivedMessage;
}

export interface SortedIntake<Event> {
  /** New events of this shard, in order. */
  accepted: AcceptedEvent<Event>[];
  duplicates: number;
  misrouted: { message: ReceivedMessage; partition: number }[];
  refused: { message: ReceivedMessage; refusal: string; detail: string }[];
}

export function seenKey(key: Buffer): string {
  return key.toString('hex');
}

/** Parts what came in: new events from repeated ones, those of other shards, and those to be refused. */
export function sortIntake<Event>(
  shard: number,
  intakes: readonly Intake<Event>[],
  seen: SeenEvents,
): SortedIntake<Event> {
  const sorted: SortedIntake<Event> = {
    accepted: [],
    duplicates: 0,
    misrouted: [],
    refused: [],
  };
  const seenHere = new Map<string, Buffer>();
  for (const { message, read } of intakes) {
    if (!read.ok) {
      const { refusal, detail } = read;
      sorted.refused.push({ message, refusal, detail });
      continue;
    }
    const { event, key, hash, partition } = read;
    if (partition !== shard) {
      sorted.misrouted.push({ message, partition });
      continue;
    }
    const name = seenKey(key);
    const known = seenHere.get(name) ?? seen.get(name);
    if (known === undefined) {
      seenHere.set(name, hash);
      sorted.accepted.push({ event, key, hash, message });
    } else if (known.equals(hash)) {
      sorted.duplicates += 1;
    } else {
      sorted.refused.push({
        message,
        refusal: 'id_conflict',
        detail:
          'source, id: an event with this identity and another content was taken before',
      });
    }
  }
  return sorted;
}
