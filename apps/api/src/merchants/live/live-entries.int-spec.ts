import { inject } from 'vitest';
import { startApi, type ApiUnderTest } from '../../../test/api-under-test.js';
import { grant } from '../../../test/write-ledger.js';
import { LiveEntries } from './live-entries.js';

const LOT = {
  unit: 'ANY_IMP',
  amount: 10n,
  expiresAt: '2034-12-01T00:00:00Z',
} as const;

interface Event {
  id: string;
  /** Of a comment, none. */
  entryId?: string;
}

describe('GET /v1/merchants/:id/events', () => {
  let api: ApiUnderTest;
  /** With their responses: fetch closes a stream whose response is garbage. */
  const open: { stream: AbortController; response: Response }[] = [];

  beforeAll(async () => {
    api = await startApi(inject('postgresUrl'), inject('kafkaBrokers'));
    await grant(api.pool, 'm1', [LOT], Date.now());
  });
  afterEach(closeAll);
  afterAll(() => api.close());

  const openStreams = () =>
    expect.poll(() => api.app.get(LiveEntries).streamCount);

  async function closeAll(): Promise<void> {
    for (const { stream } of open.splice(0)) stream.abort();
    await openStreams().toBe(0);
  }

  async function connect(merchantId: string, lastEventId?: string) {
    const stream = new AbortController();
    const response = await fetch(
      `${api.url}/v1/merchants/${merchantId}/events`,
      {
        signal: stream.signal,
        headers: {
          authorization: await api.authorize('merchant', merchantId),
          ...(lastEventId === undefined
            ? {}
            : { 'last-event-id': lastEventId }),
        },
      },
    );
    open.push({ stream, response });
    return response;
  }

  /** The events of a stream. */
  async function* follow(merchantId: string, lastEventId?: string) {
    const response = await connect(merchantId, lastEventId);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    for await (const piece of response.body!.pipeThrough(
      new TextDecoderStream(),
    )) {
      text += piece;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string) =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        if (field('id') === undefined) continue;
        const data = JSON.parse(field('data') ?? '{}') as { entryId?: string };
        yield { id: field('id')!, ...data } satisfies Event;
      }
    }
  }

  async function take(events: AsyncGenerator<Event>): Promise<Event> {
    const { value } = await events.next();
    return value as Event;
  }

  /** A stream that has begun: it has said from where on it tells. */
  async function begun(merchantId: string, lastEventId?: string) {
    const events = follow(merchantId, lastEventId);
    expect((await take(events)).entryId).toBeUndefined();
    return events;
  }

  it('tells of entries as they are committed, of the merchant alone', async () => {
    const events = await begun('m1');
    await grant(api.pool, 'm2', [LOT], Date.now());
    const [one, two] = await grant(api.pool, 'm1', [LOT, LOT], Date.now());
    expect(await take(events)).toMatchObject({
      entryId: one,
      kind: 'grant',
      merchantId: 'm1',
      amounts: { ANY_IMP: 10 },
      explanation: { en: expect.stringContaining('granted') as string },
    });
    expect((await take(events)).entryId).toBe(two);
  });

  it('resumes behind the last event that was seen, and loses nothing', async () => {
    const events = await begun('m1');
    const [one] = await grant(api.pool, 'm1', [LOT], Date.now());
    const { id, entryId } = await take(events);
    expect(entryId).toBe(one);
    await closeAll();
    // More than one read takes.
    const missed = await grant(
      api.pool,
      'm1',
      Array.from({ length: 45 }, () => LOT),
      Date.now(),
    );
    const resumed = await begun('m1', id);
    const told: unknown[] = [];
    while (told.length < missed.length)
      told.push((await take(resumed)).entryId);
    expect(told).toEqual(missed);
  });

  it('serves ten streams of a merchant and no more', async () => {
    for (let i = 0; i < 10; i += 1)
      expect((await connect('m3')).status).toBe(200);
    await openStreams().toBe(10);
    const refused = await connect('m3');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:too-many-streams',
    });
    expect((await connect('m4')).status).toBe(200);
  });

  it('refuses a Last-Event-ID that is none by its name', async () => {
    const response = await connect('m1', 'nonsense');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ field: 'Last-Event-ID' }],
    });
  });
});
