import autocannon from 'autocannon';

const CONNECTIONS = 32;

/** What is asked, one after the other. */
export type Calls = readonly { path: string; authorization: string }[];

export interface Load {
  requestsPerSecond: number;
  /** Ascending. */
  latenciesMs: number[];
}

/**
 * Calls a service for some seconds.
 *
 * @param rate calls a second; as many as it answers where there is none
 * @throws Error where an answer is not a good one
 */
export async function load(
  url: string,
  calls: Calls,
  { seconds, rate }: { seconds: number; rate?: number },
): Promise<Load> {
  const latenciesMs: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: seconds,
        ...(rate === undefined ? {} : { overallRate: Math.ceil(rate) }),
        requests: calls.map(({ path, authorization }) => ({
          path,
          headers: { authorization },
        })),
      },
      (error, answered) => {
        if (error) reject(error as Error);
        else resolve(answered);
      },
    );
    instance.on('response', (_client, _status, _bytes, ms) =>
      latenciesMs.push(ms),
    );
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(
      `${url}${calls[0]!.path}: ${result.non2xx} refusals, ${result.errors} failures`,
    );
  return {
    requestsPerSecond: latenciesMs.length / result.duration,
    latenciesMs: latenciesMs.sort((a, b) => a - b),
  };
}

/** To the hundredth of a millisecond. */
export function percentile(
  ascendingMs: readonly number[],
  percent: number,
): number {
  const index = Math.min(
    ascendingMs.length - 1,
    Math.floor((ascendingMs.length * percent) / 100),
  );
  return Math.round(ascendingMs[index]! * 100) / 100;
}
