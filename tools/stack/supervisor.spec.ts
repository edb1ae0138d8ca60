import { Board, type Part } from './board.js';
import type { Exit } from './daemon.js';
import { Supervisor, type RunningPart } from './supervisor.js';
import { NotReadyError } from './wait-until-ready.js';

describe('Supervisor', () => {
  let part: Part;
  let said: string[];
  let stopRequest: AbortController;
  const launch = vi.fn<(signal: AbortSignal) => Promise<RunningPart>>();

  beforeEach(() => {
    vi.useFakeTimers();
    said = [];
    stopRequest = new AbortController();
    launch.mockReset();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('starts a part again that ends by itself, and counts it', async () => {
    const [first, second] = [runningPart(), runningPart()];
    launch.mockResolvedValueOnce(first).mockResolvedValueOnce(second);
    const supervisor = supervise();
    await supervisor.start();

    first.end({ status: null, reason: 'was killed by SIGKILL' });
    await vi.advanceTimersByTimeAsync(499);
    expect(part).toMatchObject({
      state: 'trouble',
      detail: 'was killed by SIGKILL',
      restarts: 0,
    });
    await vi.advanceTimersByTimeAsync(1);
    expect(part).toMatchObject({ state: 'ready', restarts: 1 });
    expect(said[0]).toMatch(
      /^granter was killed by SIGKILL and is started again/,
    );

    await supervisor.stop();
    expect(second.stop).toHaveBeenCalledOnce();
    expect(part.state).toBe('stopped');
  });

  it('waits longer after each attempt that fails', async () => {
    const first = runningPart();
    launch
      .mockResolvedValueOnce(first)
      .mockRejectedValueOnce(new NotReadyError('granter is away', 1))
      .mockRejectedValueOnce(new NotReadyError('granter is away', 1))
      .mockResolvedValueOnce(runningPart());
    const supervisor = supervise();
    await supervisor.start();
    first.end({ status: 1, reason: 'ended with status 1' });

    const launchesAfterMs = async (ms: number) => {
      await vi.advanceTimersByTimeAsync(ms);
      return launch.mock.calls.length;
    };
    expect(await launchesAfterMs(500)).toBe(2);
    expect(await launchesAfterMs(1_000)).toBe(3);
    expect(await launchesAfterMs(1_999)).toBe(3);
    expect(await launchesAfterMs(1)).toBe(4);
    await supervisor.stop();
  });

  it('tries the first start three times', async () => {
    launch.mockRejectedValue(new NotReadyError('granter is away', 1));
    const started = supervise().start();
    const refused = expect(started).rejects.toThrow('granter is away');
    await vi.advanceTimersByTimeAsync(5_000);
    await refused;
    expect(launch).toHaveBeenCalledTimes(3);
  });

  it('does not try again where the configuration is wrong', async () => {
    launch.mockRejectedValue(new NotReadyError('no such program', 2));
    await expect(supervise().start()).rejects.toThrow('no such program');
    expect(launch).toHaveBeenCalledOnce();
  });

  it('starts nothing again once everything is to be stopped', async () => {
    const first = runningPart();
    launch.mockResolvedValueOnce(first);
    const supervisor = supervise();
    await supervisor.start();
    stopRequest.abort();
    first.end({ status: 0, reason: 'ended with status 0' });
    await vi.advanceTimersByTimeAsync(60_000);
    await supervisor.stop();
    expect(launch).toHaveBeenCalledOnce();
  });

  it('stops a part that is ready only after the request to stop', async () => {
    const late = runningPart();
    launch.mockImplementationOnce(() => {
      stopRequest.abort();
      return Promise.resolve(late);
    });
    await expect(supervise().start()).rejects.toThrow();
    expect(late.stop).toHaveBeenCalledOnce();
  });

  it('shows that a running part cannot do its work, until it can', async () => {
    const check = vi.fn<() => Promise<void>>().mockResolvedValue();
    launch.mockResolvedValueOnce({ ...runningPart(), check });
    const supervisor = supervise();
    await supervisor.start();
    check.mockRejectedValueOnce(new Error('database: no answer'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(part).toMatchObject({
      state: 'trouble',
      detail: 'database: no answer',
    });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(part).toMatchObject({ state: 'ready', detail: '' });
  });

  function supervise(): Supervisor {
    const board = new Board(
      {
        part: (changed) => {
          part = changed;
        },
        counts: () => undefined,
        say: (line) => said.push(line),
        close: () => undefined,
      },
      ['granter'],
    );
    return new Supervisor(
      { name: 'granter', logFile: '/nowhere/granter.log', launch },
      board,
      stopRequest.signal,
    );
  }
});

function runningPart() {
  let end!: (exit: Exit) => void;
  const exited = new Promise<Exit>((resolve) => {
    end = resolve;
  });
  return {
    where: 'http://127.0.0.1:4001',
    exited,
    end,
    stop: vi.fn(() => {
      end({ status: 0, reason: 'ended with status 0' });
      return Promise.resolve();
    }),
  };
}
