import type { Placement } from '@app/contracts';
import type { SpendableLot } from './spending-policy.js';

/** Whether impressions of a unit may be spent in a placement. */
export function mayBeSpentIn(
  unit: SpendableLot['unit'],
  placement: Placement,
): boolean {
  return unit === 'ANY_IMP' || (unit === 'LIVE_IMP') === (placement === 'live');
}
