import { z } from 'zod';

export const hash = z.base64().meta({ description: '32 bytes, in base64.' });

export function toBase64(bytes: Buffer): string {
  return bytes.toString('base64');
}
