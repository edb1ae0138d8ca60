import { HttpStatus, NotFoundException } from '@nestjs/common';
import { ProblemException, toProblem } from './problem.js';

const INSTANCE = 'urn:uuid:d9428888-122b-11e1-b85c-61cd3cbb3210';

describe('toProblem', () => {
  it('tells of a problem as it was made', () => {
    const exception = new ProblemException({
      kind: 'lot-expired',
      status: HttpStatus.CONFLICT,
      detail: 'The lot expired yesterday.',
      errors: [{ field: 'lotId', message: 'expired' }],
    });
    expect(toProblem(exception, INSTANCE)).toEqual({
      type: 'urn:traffic-reward-ledger:problem:lot-expired',
      title: 'Lot expired',
      status: 409,
      detail: 'The lot expired yesterday.',
      instance: INSTANCE,
      errors: [{ field: 'lotId', message: 'expired' }],
    });
  });

  it('names the framework’s own exceptions by their status', () => {
    expect(toProblem(new NotFoundException('Cannot GET /'), INSTANCE)).toEqual({
      type: 'urn:traffic-reward-ledger:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'Cannot GET /',
      instance: INSTANCE,
    });
  });

  it('gives nothing away of any other error', () => {
    const problem = toProblem(new Error('password is hunter2'), INSTANCE);
    expect(problem).toMatchObject({
      type: 'urn:traffic-reward-ledger:problem:internal-error',
      status: 500,
    });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
