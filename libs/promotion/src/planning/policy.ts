import { constantsOf, SPENDING_PARAMETERS } from '../spending/index.js';
import * as orderProbe from './order-probe.js';
import * as roomEstimate from './room-estimate.js';
import * as targetSlots from './target-slots.js';

/** Names the rule in the cause of what it decides. Its number rises with each change of the rule or its parameters. */
export const SPENDING_POLICY = 'price-of-traffic/2';

/** What the number stands for: all constants that orders are decided by. */
export const POLICY_PARAMETERS = {
  ...SPENDING_PARAMETERS,
  orderProbe: constantsOf(orderProbe),
  roomEstimate: constantsOf(roomEstimate),
  targetSlots: constantsOf(targetSlots),
};
