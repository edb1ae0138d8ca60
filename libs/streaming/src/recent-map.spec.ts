import { RecentMap } from './recent-map.js';

describe('a map of what is recent', () => {
  it('forgets what was set first once it is full', () => {
    const map = new RecentMap<number>(2);
    map.set('one', 1);
    map.set('two', 2);
    map.set('three', 3);
    expect([map.has('one'), map.has('two'), map.has('three')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('counts what is set again as the latest', () => {
    const map = new RecentMap<number>(2);
    map.set('one', 1);
    map.set('two', 2);
    map.set('one', 11);
    map.set('three', 3);
    expect(map.get('one')).toBe(11);
    expect(map.get('two')).toBeUndefined();
  });
});
