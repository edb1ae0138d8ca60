import { z } from 'zod';
import { identifier, UNITS } from '@app/contracts';
import { JOURNALS, type Cause } from '@app/ledger';

/** What answers are made of. Each name is one in the OpenAPI document. */

export const unit = z.enum(UNITS).meta({ id: 'Unit' });

export const amount = z.bigint().meta({
  id: 'Amount',
  description:
    'In minor units: impressions, or fen. Every digit is there, also beyond 2^53.',
});

export const instant = z.date().meta({ description: 'RFC 3339, UTC.' });

export const journal = z.enum(JOURNALS).meta({ id: 'Journal' });

export const merchantId = identifier.meta({
  description: 'Of a merchant; one that nobody has heard of has nothing.',
});

export const entryKind = z
  .enum([
    'budget',
    'lease',
    'grant',
    'reserve',
    'deliver',
    'release',
    'expire',
    'clawback',
    'switch_on',
    'switch_off',
    'adjustment',
    'payout',
  ])
  .meta({ id: 'EntryKind' });

export const cause = z.custom<Cause>().meta({
  id: 'Cause',
  openapi: {
    type: 'object',
    description: 'All that decided the entry; what it has depends on `type`.',
    properties: { type: { type: 'string' } },
    required: ['type'],
  },
});

/** What a lot is of, and how much of it is still there. */
export const lotFields = {
  unit,
  program: z.string(),
  expiresAt: instant,
  granted: amount,
  available: amount,
  reserved: amount,
};

/** Where the rest of a lot went. */
export const lotUses = { spent: amount, expired: amount, clawedBack: amount };

/** Where an entry stands in an answer, whatever else is told of it. */
const entryPlace = {
  journal,
  shard: z.int(),
  sequence: z.bigint(),
  kind: entryKind,
  merchantId: z.string().nullable(),
  occurredAt: instant,
  recordedAt: instant,
};

/** Why an entry is there, for people. */
const explained = {
  explanation: z.strictObject({ zh: z.string(), en: z.string() }),
  amounts: z.partialRecord(unit, amount),
};

const posting = {
  account: z.string(),
  unit,
  amount,
  lotId: z.string().nullable(),
};

export const merchantEntry = z
  .strictObject({
    id: z.string(),
    ...entryPlace,
    postings: z.array(z.strictObject(posting)),
    cause,
    ...explained,
  })
  .meta({ id: 'MerchantEntry' });

export const toldEntry = z
  .strictObject({
    entryId: z.string(),
    ...entryPlace,
    program: z.string().nullable(),
    programVersion: z.int().nullable(),
    postings: z.array(z.strictObject({ line: z.int(), ...posting })),
    cause,
    ...explained,
  })
  .meta({ id: 'Entry' });

/** Where the next page begins; null after the last one. */
export const next = z.string().nullable();
