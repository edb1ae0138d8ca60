import type { Unit } from '@app/contracts';
import type { JsonInteger } from '../cause.js';
import { enumerated, type Bilingual } from './bilingual.js';

const NUMBER = new Intl.NumberFormat('en-US');
const FEN_A_YUAN = 100n;

export interface Amount {
  /** Minor units. */
  amount: bigint;
  /** Null where nothing says which: impressions. */
  unit: Unit | null;
}

/** A number for people: with separators, and every digit. */
export function numberText(value: JsonInteger | bigint): string {
  return NUMBER.format(BigInt(value));
}

/**
 * A number with a decimal point, without zeros at its end.
 *
 * @param decimals how many of its digits are behind the point
 */
export function decimalText(value: bigint, decimals: number): string {
  const one = 10n ** BigInt(decimals);
  const size = value < 0n ? -value : value;
  const behind = (size % one)
    .toString()
    .padStart(decimals, '0')
    .replace(/0+$/, '');
  const whole = `${value < 0n ? '-' : ''}${NUMBER.format(size / one)}`;
  return behind === '' ? whole : `${whole}.${behind}`;
}

/** Money, from fen: always with both of its decimals. */
export function yuanText(fen: JsonInteger | bigint): Bilingual {
  const value = BigInt(fen);
  const size = value < 0n ? -value : value;
  const decimals = (size % FEN_A_YUAN).toString().padStart(2, '0');
  const text = `${value < 0n ? '-' : ''}${NUMBER.format(size / FEN_A_YUAN)}.${decimals}`;
  return { zh: `${text}元`, en: `${text} yuan` };
}

/** An amount with its unit spelled out. */
export function amountText({ amount, unit }: Amount): Bilingual {
  if (unit === 'CNY') return yuanText(amount);
  return impressionsText(
    NUMBER.format(amount),
    unit,
    amount === 1n || amount === -1n,
  );
}

/** @param count as it is to be read, with decimals or without */
export function impressionsText(
  count: string,
  unit: Exclude<Unit, 'CNY'> | null,
  isOne: boolean,
): Bilingual {
  const impressions = isOne ? 'impression' : 'impressions';
  switch (unit) {
    case 'LIVE_IMP':
      return {
        zh: `${count}次直播曝光`,
        en: `${count} livestream ${impressions}`,
      };
    case 'VIDEO_IMP':
      return {
        zh: `${count}次短视频曝光`,
        en: `${count} short-video ${impressions}`,
      };
    case 'ANY_IMP':
      return {
        zh: `${count}次通用曝光`,
        en: `${count} ${impressions} for either placement`,
      };
    case null:
      return { zh: `${count}次曝光`, en: `${count} ${impressions}` };
  }
}

export function amountsText(amounts: readonly Amount[]): Bilingual {
  return amounts.length === 0
    ? { zh: '0次曝光', en: 'no impressions' }
    : enumerated(amounts.map(amountText));
}

/** "1 order", "2 orders". */
export function countText(
  count: JsonInteger | bigint,
  [one, many]: readonly [one: string, many: string],
): string {
  return `${numberText(count)} ${BigInt(count) === 1n ? one : many}`;
}
