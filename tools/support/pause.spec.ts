import { pause } from './pause.js';

describe('pause', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('resolves after its time', async () => {
    const paused = pause(1_000, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(paused).resolves.toBeUndefined();
  });

  it('rejects at once when the signal aborts, and keeps no timer', async () => {
    const controller = new AbortController();
    const paused = pause(1_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(paused).rejects.toThrow('stop');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin where the signal has aborted', async () => {
    await expect(pause(1_000, AbortSignal.abort())).rejects.toThrow();
    expect(vi.getTimerCount()).toBe(0);
  });
});
