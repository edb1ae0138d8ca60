import { AuditReader } from './audit-reader.js';

/** Reads the ledger's own tables for operators, as {@link AuditReader} reads the auditors' views. */
export class OperatorReader extends AuditReader {}
