import { endedAfter, paid, started } from '../../test/activity.js';
import { smallGoal } from '../../test/programs.js';
import { ProgramSet } from '../published/program-set.js';
import { UNKNOWN_MERCHANT } from './merchant-facts.js';
import { bySubject, Recount, RecordedSessions } from './recount.js';

const SET = new ProgramSet([
  smallGoal({ metric: 'orders', channels: ['live'], period: 'session' }),
]);
const sold = (orderId: string, time: string, sessionId: string) =>
  paid(orderId, `2024-11-11T${time}`, 1, { channel: 'live', sessionId });

const RECORDED = [
  started('s1', '2024-11-11T20:00'),
  sold('o1', '20:30', 's1'),
  sold('o2', '20:30', 's2'),
  // Of its payments the first decides.
  sold('o3', '20:50', 's2'),
  sold('o3', '20:40', 's1'),
  sold('o4', '22:30', 's1'),
  endedAfter('s1', '2024-11-11T20:00', 2),
].map((event) => ({ event, lateFor: [] }));

function countedAnew(over: string | null): number[] {
  const sessions = RecordedSessions.of(RECORDED);
  const recount = new Recount(SET, UNKNOWN_MERCHANT, sessions, over);
  for (const events of bySubject(RECORDED).values()) recount.add(events);
  return ['s1', 's2'].map((sessionId) => {
    const address = { program: 'small', period: `session:${sessionId}` };
    return Number(recount.standing(address, 'daily-orders').value);
  });
}

describe('what a merchant did, counted anew', () => {
  it('is all of it', () => {
    expect(countedAnew(null)).toEqual([2, 1]);
  });

  it('is over one stream what names that, and passes over the rest', () => {
    expect(countedAnew('s1')).toEqual([2, 0]);
  });
});
