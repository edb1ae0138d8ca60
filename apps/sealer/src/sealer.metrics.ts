import { Gauge, type Registry } from 'prom-client';
import type { SealerService } from './sealer.service.js';

/** How far the sealer is, for operators; what is not known, while nothing is sealed, is left out. */
export function registerSealerMetrics(
  registry: Registry,
  sealer: SealerService,
): void {
  gauge(
    registry,
    'sealer_positions',
    'Positions of the log that a checkpoint covers',
    () => sealer.progress?.positions,
  );
  gauge(
    registry,
    'sealer_blocks',
    'Blocks that a checkpoint covers',
    () => sealer.progress?.blocks,
  );
  gauge(
    registry,
    'sealer_unsealed_entries',
    'Entries that are committed and that no checkpoint covers',
    () => sealer.countUnsealed().catch(() => undefined),
  );
  gauge(
    registry,
    'sealer_checkpoint_age_seconds',
    'Since the last checkpoint; it grows while nothing new is committed',
    () => {
      const at = sealer.progress?.publishedAtMs;
      return at == null ? undefined : (Date.now() - at) / 1_000;
    },
  );
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => number | undefined | Promise<number | undefined>,
): void {
  const made: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: async () => {
      const value = await read();
      if (value === undefined) made.remove();
      else made.set(value);
    },
  });
}
