import { persist } from './persist.js';

describe('persisting', () => {
  it('answers what the first success does, after pauses that double', async () => {
    const attempt = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('away'))
      .mockRejectedValueOnce(new Error('still away'))
      .mockResolvedValue('done');
    const onFailure = vi.fn();
    const { signal } = new AbortController();
    expect(await persist(attempt, signal, onFailure)).toBe('done');
    expect(onFailure.mock.calls).toEqual([
      [new Error('away'), 250],
      [new Error('still away'), 500],
    ]);
  });

  it('does not begin once the signal has aborted', async () => {
    const attempt = vi.fn<() => Promise<void>>();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(persist(attempt, signal, vi.fn())).rejects.toThrow('stop');
    expect(attempt).not.toHaveBeenCalled();
  });

  it('ends in a pause as soon as the signal aborts', async () => {
    const stopping = new AbortController();
    const failing = () => Promise.reject(new Error('away'));
    const onFailure = vi.fn(() => stopping.abort());
    await expect(
      persist(failing, stopping.signal, onFailure),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(onFailure).toHaveBeenCalledOnce();
  });

  it('does not wait for an attempt that hangs when the signal aborts', async () => {
    const stopping = new AbortController();
    const onFailure = vi.fn();
    const hanging = () => new Promise<never>(() => undefined);
    const running = persist(hanging, stopping.signal, onFailure);
    stopping.abort(new Error('stop'));
    await expect(running).rejects.toThrow('stop');
    expect(onFailure).not.toHaveBeenCalled();
  });
});
