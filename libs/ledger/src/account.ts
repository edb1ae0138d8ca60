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
  | `leased:${string}`
  | `spent:${Placement}`
  | `expired:${string}`
  | `clawed_back:${string}`
  | 'paid_out';
export type AccountClass = MerchantAccountClass | SharedAccountClass;

export const MERCHANT_ACCOUNT_CLASSES: readonly MerchantAccountClass[] = [
  'available',
  'reserved',
  'owed',
  'payable',
];
const MERCHANT_CLASSES: ReadonlySet<string> = new Set(MERCHANT_ACCOUNT_CLASSES);

/** Whether an account is one of a merchant's own. */
export function isMerchantAccount(
  accountClass: string,
): accountClass is MerchantAccountClass {
  return MERCHANT_CLASSES.has(accountClass);
}

/** The full name of an account: what an auditor reads on a posting. */
export function accountName(
  accountClass: AccountClass,
  merchantId: string | null,
): string {
  if (!isMerchantAccount(accountClass)) return accountClass;
  if (merchantId === null)
    throw new Error(`account "${accountClass}" belongs to a merchant`);
  return `merchant:${merchantId}:${accountClass}`;
}

/** The class of an account by its full name; a merchant's id may itself hold colons. */
export function accountClassOf(name: string): AccountClass {
  return (
    name.startsWith('merchant:') ? name.slice(name.lastIndexOf(':') + 1) : name
  ) as AccountClass;
}

/** Whether an account holds budget that nobody was granted yet, or is what budgets came out of. */
export function isFunding(account: string): boolean {
  return (
    account === 'issuance' ||
    account.startsWith('pool:') ||
    account.startsWith('leased:')
  );
}
