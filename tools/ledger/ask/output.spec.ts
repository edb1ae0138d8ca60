import { amountText, json, table } from './output.js';

describe('table', () => {
  it('is as wide as its widest cells, amounts to the right', () => {
    expect(
      table(
        [
          ['available', 'ANY_IMP', '1,000'],
          ['owed', 'CNY', '-7'],
        ],
        [2],
      ),
    ).toBe('available  ANY_IMP  1,000\nowed       CNY         -7\n');
  });
});

it('keeps every digit', () => {
  const amount = 2n ** 63n - 1n;
  expect(json({ amount })).toBe('{"amount":9223372036854775807}');
  expect(amountText(amount)).toBe('9,223,372,036,854,775,807');
});
