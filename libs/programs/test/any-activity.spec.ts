import fc from 'fast-check';
import type { ActivityEvent } from '@app/contracts';
import {
  anyActivity,
  inTimeOrder,
  repeated,
  shuffled,
} from './any-activity.js';

function idsOf(events: readonly ActivityEvent[]): string[] {
  return events.map(({ id }) => id);
}

describe('any activity', () => {
  it('starts and ends a session once at most, and names each event apart', () => {
    fc.assert(
      fc.property(anyActivity, (events) => {
        const sessions = events.flatMap(({ type, merchantId, data }) =>
          type === 'live.started' || type === 'live.ended'
            ? [`${merchantId} ${type} ${data.sessionId}`]
            : [],
        );
        expect(new Set(sessions).size).toBe(sessions.length);
        expect(new Set(idsOf(events)).size).toBe(events.length);
      }),
    );
  });

  it('shuffled is the same, and repeated has nothing new', () => {
    fc.assert(
      fc.property(
        anyActivity.chain((events) =>
          fc.tuple(fc.constant(events), shuffled(events), repeated(events)),
        ),
        ([events, otherwise, again]) => {
          expect(idsOf(otherwise).sort()).toEqual(idsOf(events).sort());
          expect(new Set(again)).toEqual(new Set(events));
          expect(inTimeOrder(events)).toEqual(events);
        },
      ),
    );
  });
});
