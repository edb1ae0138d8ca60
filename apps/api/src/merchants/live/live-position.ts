import { MAX_AMOUNT, type JournalCut } from '@app/ledger';
import { invalidRequest } from '@app/platform';

/** As a header `Last-Event-ID` has it. */
export const POSITION_PATTERN = '^\\d{1,19}\\.\\d{1,19}$';
const POSITION = new RegExp(POSITION_PATTERN);

/** The id of an event: the last sequences of both journals up to it. */
export function formatPosition({ grants, promotions }: JournalCut): string {
  return `${grants}.${promotions}`;
}

/** @throws ProblemException 400 `invalid-request` */
export function parsePosition(text: string): JournalCut {
  if (POSITION.test(text)) {
    const [grants, promotions] = text.split('.').map(BigInt) as [
      bigint,
      bigint,
    ];
    if (grants < MAX_AMOUNT && promotions < MAX_AMOUNT)
      return { grants, promotions };
  }
  throw invalidRequest([
    {
      field: 'Last-Event-ID',
      message: 'expected the id of an event of this stream',
    },
  ]);
}
