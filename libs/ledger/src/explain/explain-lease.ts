import type { LeaseCause, LeaseReason } from '../cause.js';
import { amountText } from './amounts.js';
import { paragraph, type Bilingual } from './bilingual.js';
import type { Explained } from './explained.js';

const BECAUSE: Record<LeaseReason, Bilingual> = {
  over: { zh: '计划已结束。', en: 'The program is over.' },
  unused: {
    zh: '该分片没有动用，而主分片已耗尽。',
    en: 'It was not drawn on there, and the home has run dry.',
  },
};

/** A slice of a pool on its way between shards: one of its four steps. */
export function explainLease({
  when,
  cause,
  amount,
}: Explained<LeaseCause>): Bilingual {
  const { step, program, fromShard, toShard } = cause;
  const slice = amountText(amount);
  const from = { zh: `分片${fromShard}`, en: `shard ${fromShard}` };
  const to = { zh: `分片${toShard}`, en: `shard ${toShard}` };
  const of = {
    zh: `激励计划${program}流量池的${slice.zh}`,
    en: `${slice.en} of the pool of ${program}`,
  };
  switch (step) {
    case 'lend':
      return paragraph(
        {
          zh: `${when.zh}${from.zh}把${of.zh}借给${to.zh}。`,
          en: `${when.en}${from.en} lent ${of.en} to ${to.en}.`,
        },
        loanText(cause),
      );
    case 'borrow':
      return {
        zh: `${when.zh}${to.zh}收到${from.zh}借出的${of.zh}。`,
        en: `${when.en}${to.en} took ${of.en} that ${from.en} had lent.`,
      };
    case 'return':
      return paragraph(
        {
          zh: `${when.zh}${from.zh}把${of.zh}归还给${to.zh}。`,
          en: `${when.en}${from.en} returned ${of.en} to ${to.en}.`,
        },
        cause.because ? BECAUSE[cause.because] : null,
      );
    case 'reclaim':
      return {
        zh: `${when.zh}${to.zh}收回${from.zh}归还的${of.zh}。`,
        en: `${when.en}${to.en} took back ${of.en} that ${from.en} had returned.`,
      };
  }
}

/** What the home had, and what the loan was for. */
function loanText({ left, needed, unit }: LeaseCause): Bilingual {
  const had =
    left === undefined ? null : amountText({ amount: BigInt(left), unit });
  const short =
    needed === undefined ? null : amountText({ amount: BigInt(needed), unit });
  return paragraph(
    short
      ? {
          zh: `对方缺${short.zh}。`,
          en: `A batch there was short of ${short.en}.`,
        }
      : { zh: '提前备用。', en: 'It was lent ahead of need.' },
    had
      ? { zh: `借出前有${had.zh}。`, en: `There were ${had.en} before.` }
      : null,
  );
}
