/** What a granter has counted since it began. */
export interface GranterCounts {
  /** Events that came too late for a goal. */
  late: number;
  /** Rewards of which nothing could be paid. */
  unpaid: number;
  coldStarts: ColdStartCounts[];
}

/** First streams in a program that rewards them at once. */
export interface ColdStartCounts {
  program: string;
  /** Of merchants who were eligible. */
  eligible: number;
  /** Of the eligible, those that were given traffic. */
  granted: number;
  /** Of those, the longest from publication to commit; null where none was timed. */
  slowestSeconds: number | null;
}

const ANSWERS_WITHIN_MS = 1_000;

/**
 * @param url where the granter answers
 * @throws Error where it does not
 */
export async function readGranterCounts(url: string): Promise<GranterCounts> {
  const response = await fetch(`${url}/metrics`, {
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
  return countsOf(await response.text());
}

/** @param text in the format of Prometheus */
export function countsOf(text: string): GranterCounts {
  const samples = parseSamples(text);
  const of = (name: string) => samples.filter((one) => one.name === name);
  const sum = (name: string) =>
    of(name).reduce((total, { value }) => total + value, 0);
  const slowest = new Map(
    of('granter_cold_start_slowest_seconds').map(({ labels, value }) => [
      labels.program,
      value,
    ]),
  );
  const coldStarts = new Map<string, ColdStartCounts>();
  for (const { labels, value } of of('granter_cold_starts_total')) {
    const { program = '', outcome } = labels;
    if (outcome === 'not_eligible' || outcome === 'late') continue;
    const known = coldStarts.get(program);
    coldStarts.set(program, {
      program,
      eligible: (known?.eligible ?? 0) + value,
      granted: (known?.granted ?? 0) + (outcome === 'granted' ? value : 0),
      slowestSeconds: slowest.get(program) ?? null,
    });
  }
  return {
    late: sum('granter_late_events_total'),
    unpaid: sum('granter_unpaid_rewards_total'),
    coldStarts: [...coldStarts.values()].sort((a, b) =>
      a.program < b.program ? -1 : 1,
    ),
  };
}

interface Sample {
  name: string;
  labels: Partial<Record<string, string>>;
  value: number;
}

/** Labels whose values need no escapes, as ours. */
function parseSamples(text: string): Sample[] {
  return Array.from(
    text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm),
    ([, name, labels = '', value]) => ({
      name: name!,
      labels: Object.fromEntries(
        Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, label, said]) => [
          label!,
          said!,
        ]),
      ),
      value: Number(value),
    }),
  );
}
