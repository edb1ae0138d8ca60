import { timeDecisionRound } from './decision-round.js';

it('a round of decisions tells its time and what a merchant takes to remember', () => {
  const round = timeDecisionRound(40);
  expect(round.roundMerchants).toBe(40);
  expect(round.roundSeconds).toBeGreaterThan(0);
  expect(round.memoryBytesPerMerchant).toBeGreaterThan(1_000);
  expect(round.memoryBytesPerMerchant).toBeLessThan(16_000);
});
