import {
  promotionOrderContract,
  readEvent,
  writeEvent,
  type PromotionOrderCloudEvent,
} from '@app/contracts';
import { appendToChain, EMPTY_CHAIN, type Entry } from '@app/ledger';
import {
  closed,
  delivered,
  ended,
  granted,
  minute,
  published,
  started,
  switchedOff,
  switchedOn,
  timePasses,
} from '../test/inputs.js';
import { oneOrderAPlacement } from '../test/one-order-a-placement.js';
import { PromoterInMemory } from '../test/promoter-in-memory.js';
import type { PromotionInput } from './input.js';
import { promotionOrderMessage } from './promotion-order-messages.js';

const lot = { lotId: 'a', unit: 'ANY_IMP', amount: 500, at: 0 } as const;
const ORDER = 'promotions-0-2';

/** The entries that the inputs lead to after a grant, as the journal has them. */
function entriesAfter(...inputs: PromotionInput[]): Entry[] {
  const p = new PromoterInMemory(oneOrderAPlacement);
  p.take(granted({ ...lot, expires: 9_000 }), ...inputs);
  return appendToChain('promotions', 0, EMPTY_CHAIN, p.drafts, minute(9))
    .entries;
}

function messagesAfter(...inputs: PromotionInput[]) {
  return entriesAfter(...inputs).map((entry) =>
    promotionOrderMessage(entry, '/promoter'),
  );
}

describe('the ad-delivery service', () => {
  it('is told of an order for a stream', () => {
    expect(messagesAfter(started('s1', 1), switchedOn(2))).toEqual([
      null,
      {
        specversion: '1.0',
        source: '/promoter',
        id: 'promotions-0-2',
        subject: 'm1',
        time: '2024-11-11T00:02:00.000Z',
        type: 'promotion.ordered',
        data: {
          promotionOrderId: ORDER,
          placement: 'live',
          sessionId: 's1',
          impressions: 500,
          deadline: '2024-11-11T01:02:00.000Z',
        },
      },
    ]);
  });

  it('is told of an order for a video', () => {
    const [, message] = messagesAfter(published('v1', 1), switchedOn(2));
    expect(message).toMatchObject({
      type: 'promotion.ordered',
      data: { placement: 'short_video', videoId: 'v1' },
    });
    expect(message?.data).not.toHaveProperty('sessionId');
  });

  it.each([
    ['the switch', switchedOff(3), 'promotions-0-4'],
    ['time', timePasses(2 + 60 + 10), 'promotions-0-3'],
    ['the end of the stream', ended('s1', 3), 'promotions-0-3'],
    [
      'a change of the limits',
      switchedOn(3, 'm1', { placements: ['short_video'] }),
      'promotions-0-4',
    ],
  ])('is told of an order that %s cancels', (_, end, id) => {
    const messages = messagesAfter(started('s1', 1), switchedOn(2), end);
    expect(messages.at(-1)).toMatchObject({
      id,
      type: 'promotion.cancelled',
      data: { promotionOrderId: ORDER },
    });
  });

  it.each(['completed', 'session_ended', 'cancelled', 'rejected'] as const)(
    'is not told what it has told: %s',
    (reason) => {
      const messages = messagesAfter(
        started('s1', 1),
        switchedOn(2),
        delivered(ORDER, 500, 3),
        closed(ORDER, reason, 4),
      );
      expect(messages.map((message) => message?.type)).toEqual([
        undefined,
        'promotion.ordered',
        undefined,
        undefined,
      ]);
    },
  );

  it('is not told that a lot expires', () => {
    expect(messagesAfter(timePasses(9_000))).toEqual([null]);
  });

  it('can read every message by the contract of its topic', () => {
    const messages = messagesAfter(
      started('s1', 1),
      switchedOn(2),
      switchedOff(3),
    ).filter((message) => message !== null);
    expect(messages.map(readBack)).toEqual(
      messages.map(({ type, data }) => ({ type, data })),
    );
  });
});

function readBack(message: PromotionOrderCloudEvent) {
  const { value, ...wire } = writeEvent(message);
  const read = readEvent(promotionOrderContract, {
    ...wire,
    value: Buffer.from(value),
  });
  if (!read.ok) throw new Error(read.detail);
  const { type, data } = read.event;
  return { type, data };
}
