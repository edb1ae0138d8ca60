import { z } from 'zod';
import { merchantId } from '../openapi/fields.js';

export const merchantParams = z.strictObject({ id: merchantId });
export type MerchantParams = z.output<typeof merchantParams>;
