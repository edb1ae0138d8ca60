import { FieldReader } from './fields.js';

/**
 * The fields of a leaf, whatever kind it is of: its bytes are these, each led by its length.
 *
 * @throws SealError where the leaf is cut off
 */
export function leafFields(leaf: Buffer): string[] {
  const reader = new FieldReader(leaf);
  const fields: string[] = [];
  while (!reader.isAtEnd) fields.push(reader.text());
  return fields;
}
