import type { Placement } from '@app/contracts';

/**
 * The chart of accounts. An account is a class, or a class of one merchant.
 * A merchant's accounts are named `merchant:<id>:<class>`; all others by their class alone.
 */
export type MerchantAccountClass =
  'available' | 'reserved' | 'owed' | 'payable';
export type SharedAccountClass =
  | 'issuance'
  | `pool:${string}`
  | `spent:${Placement}`
  | `expired:${string}`
  | `clawed_back:${string}`
  | 'paid_out';
export type AccountClass = MerchantAccountClass | SharedAccountClass;

const MERCHANT_CLASSES: ReadonlySet<string> = new Set<MerchantAccountClass>([
  'available',
  'reserved',
  'owed',
  'payable',
]);

/** The full name of an account: what an auditor reads on a posting. */
export function accountName(
  accountClass: AccountClass,
  merchantId: string | null,
): string {
  if (!MERCHANT_CLASSES.has(accountClass)) return accountClass;
  if (merchantId === null)
    throw new Error(`account "${accountClass}" belongs to a merchant`);
  return `merchant:${merchantId}:${accountClass}`;
}
