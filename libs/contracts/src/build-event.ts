import type { CloudEvent } from './cloud-event.js';
import type { CloudEventOf, EventHead, TopicContract } from './event.js';
import { validateEvent, type Refusal, type Refused } from './validate.js';

/** An event that no reader would take. The message names the event and the field. */
export class InvalidEventError extends Error {
  readonly refusal: Refusal;
  readonly detail: string;

  constructor(
    { type, id }: { type: string; id: string },
    { refusal, detail }: Refused,
  ) {
    super(`${type} ${id}: ${detail}`);
    this.name = 'InvalidEventError';
    this.refusal = refusal;
    this.detail = detail;
  }
}

interface Described extends EventHead {
  data: unknown;
}

/**
 * The CloudEvent that says this, to be published now or kept in an outbox until then.
 *
 * @throws InvalidEventError where a reader would refuse it
 */
export function buildEvent<Event extends Described, Type extends Event['type']>(
  contract: TopicContract<Event>,
  event: { type: Type } & Extract<Event, { type: Type }>,
): CloudEventOf<Extract<Event, { type: Type }>> {
  return build(contract, event) as CloudEventOf<Extract<Event, { type: Type }>>;
}

/** One function for each event type of a topic, by its name; each as {@link buildEvent}. */
export type EventBuilders<Event extends Described> = {
  readonly [Type in Event['type']]: (
    said: Omit<Extract<Event, { type: Type }>, 'source' | 'type'>,
  ) => CloudEventOf<Extract<Event, { type: Type }>>;
};

/**
 * Builders for all that one service says on a topic.
 *
 * @param source of all its events, such as `urn:platform:orders`: an id must be used once under it
 */
export function eventBuilders<Event extends Described>(
  contract: TopicContract<Event>,
  source: string,
): EventBuilders<Event> {
  const builders = Object.keys(contract.schemas).map((type) => [
    type,
    (said: Omit<Described, 'source' | 'type'>) =>
      build(contract, { ...said, source, type }),
  ]);
  return Object.fromEntries(builders) as EventBuilders<Event>;
}

function build(contract: TopicContract<unknown>, event: Described): CloudEvent {
  const { source, id, type, merchantId, occurredAtMs, data } = event;
  const built: CloudEvent = {
    specversion: '1.0',
    source,
    id,
    type,
    subject: merchantId,
    time: rfc3339(occurredAtMs),
    data,
  };
  const valid = validateEvent(contract, built);
  if (!valid.ok) throw new InvalidEventError(event, valid);
  return built;
}

/** Where the number is no time, what the reader then refuses by its name. */
function rfc3339(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : date.toISOString();
}
