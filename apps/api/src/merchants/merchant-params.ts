import { z } from 'zod';
import { identifier } from '@app/contracts';

export const merchantParams = z.strictObject({ id: identifier });
export type MerchantParams = z.output<typeof merchantParams>;
