/** The database roles under which the services and the auditors work: each has the rights that it needs. */
export const ROLES = {
  /** Appends to the grants journal. */
  granter: 'ledger_granter',
  /** Appends to the promotions journal. */
  promoter: 'ledger_promoter',
  /** Appends adjustments that were proposed and approved. */
  adjuster: 'ledger_adjuster',
  /** Gives entries their places in the sealed order. */
  sealer: 'ledger_sealer',
  /** Reads the record. */
  api: 'ledger_api',
  /** Reads the views of the schema `audit`. */
  auditor: 'ledger_auditor',
} as const;

export type Role = (typeof ROLES)[keyof typeof ROLES];
