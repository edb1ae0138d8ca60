import type { TraceLot, TraceMerchant, TraceSlot } from '@app/promotion';

/** What policies are run over: lots and slots, each in the order of their times. */
export interface Trace {
  merchants: Map<string, TraceMerchant>;
  lots: TraceLot[];
  slots: TraceSlot[];
}
