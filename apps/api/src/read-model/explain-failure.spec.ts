import { ProblemException } from '@app/platform';
import { explainFailure } from './explain-failure.js';

describe('explainFailure', () => {
  it.each([
    ['57014', 'deadline-exceeded'],
    ['53300', 'database-unavailable'],
    ['57P01', 'database-unavailable'],
    ['ECONNREFUSED', 'database-unavailable'],
    ['ENOTFOUND', 'database-unavailable'],
    ['EPIPE', 'database-unavailable'],
    [undefined, 'database-unavailable'],
  ])('tells a client of %s as %s', (code, kind) => {
    const told = explainFailure(new Error('it failed'), code);
    expect(told).toBeInstanceOf(ProblemException);
    expect(told).toMatchObject({ kind, status: 503 });
  });

  it.each(['23505', '22003', 'XX000'])(
    'leaves a defect as it is: %s',
    (code) => {
      const error = new Error('it failed');
      expect(explainFailure(error, code)).toBe(error);
    },
  );
});
