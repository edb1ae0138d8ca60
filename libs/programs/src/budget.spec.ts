import { smallProgram } from '../test/programs.js';
import { issueDraft, issuesOf } from './budget.js';
import { programHash } from './program.js';

const PUBLISHED_AT = Date.parse('2024-11-01T00:00:00Z');

describe('a budget', () => {
  const pools = { LIVE_IMP: 7, ANY_IMP: 1_000 };
  const program = smallProgram({ version: 2, pools });

  it('is issued whole, in each unit by itself', () => {
    expect(issuesOf(program)).toEqual([
      { program, unit: 'LIVE_IMP', amount: 7n },
      { program, unit: 'ANY_IMP', amount: 1_000n },
    ]);
  });

  it('comes out of issuance, and says by which version', () => {
    const [issue] = issuesOf(program);
    expect(issueDraft(issue!, PUBLISHED_AT)).toEqual({
      kind: 'budget',
      merchantId: null,
      occurredAtMs: PUBLISHED_AT,
      postings: [
        { account: 'issuance', unit: 'LIVE_IMP', amount: -7n, lotId: null },
        { account: 'pool:small', unit: 'LIVE_IMP', amount: 7n, lotId: null },
      ],
      cause: {
        type: 'program_published',
        program: 'small',
        version: 2,
        unit: 'LIVE_IMP',
        programHash: programHash(program),
      },
    });
  });
});
