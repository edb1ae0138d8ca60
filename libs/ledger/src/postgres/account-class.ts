/**
 * SQL for the class of the account of a posting, from the column `account`: as `accountClassOf` has it. A merchant's
 * id may itself hold colons, so the class is what stands behind the last one.
 */
export const ACCOUNT_CLASS = `CASE WHEN starts_with(account, 'merchant:')
  THEN reverse(split_part(reverse(account), ':', 1)) ELSE account END`;
