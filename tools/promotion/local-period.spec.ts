import { UsageError } from '../support/cli.js';
import { parseLocalPeriod } from './local-period.js';

describe('the period of results', () => {
  it('is refused by the name of the option', () => {
    const parse = () => parseLocalPeriod({ from: '2024-02-30' }, 0);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow('--from is "2024-02-30": expected a day such as');
  });
});
