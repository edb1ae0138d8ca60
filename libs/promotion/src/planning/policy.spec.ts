import { hash } from 'node:crypto';
import { POLICY_PARAMETERS, SPENDING_POLICY } from './policy.js';

/** Of each policy, what its parameters come to. Those of before are not known any more. */
const FINGERPRINTS: Record<string, string> = {
  'price-of-traffic/2': '743cbe75fb5365ec',
};

describe('the name of the policy', () => {
  it('stands for its parameters: who changes one, raises its number and adds the fingerprint of the new ones here', () => {
    const fingerprint = hash('sha256', JSON.stringify(POLICY_PARAMETERS));
    expect(fingerprint.slice(0, 16)).toBe(FINGERPRINTS[SPENDING_POLICY]);
  });

  it.each([
    ['prices', 'WORTH_OF_WAITING'],
    ['scenarios', 'SLOTS_TOGETHER'],
    ['scenarios', 'PRIOR_BUNCHES'],
    ['probe', 'SHARE'],
    ['probe', 'SMALL_SHARE'],
    ['response', 'HEDGE'],
    ['response', 'TARGET_DRIFT_PER_HOUR'],
    ['response', 'VARIANCE'],
    ['outlook', 'RECENT_WEIGHT'],
    ['orderProbe', 'LEAST_ORDER'],
    ['targetSlots', 'SLOT_MS'],
  ] as const)('counts %s: %s among them', (module, name) => {
    expect(POLICY_PARAMETERS[module]).toHaveProperty(name);
  });
});
