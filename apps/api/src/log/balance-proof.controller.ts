import { Controller, Get, HttpStatus, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { shardOf } from '@app/contracts';
import type { PoolClient } from '@app/ledger/postgres';
import { Operation, ProblemException, Roles } from '@app/platform';
import {
  balanceLeaf,
  balanceLeafOf,
  LEAVES_PER_SHARD,
  SealError,
  verifyBalanceProof,
  type BalanceProof,
} from '@app/sealing';
import {
  proveBalances,
  readBlock,
  readLastBlock,
  type StoredBlock,
} from '@app/sealing/postgres';
import { ClientGone } from '../http/client-presence.js';
import {
  merchantParams,
  type MerchantParams,
} from '../merchants/merchant-params.js';
import { amount, instant, merchantId, unit } from '../openapi/fields.js';
import { OperatorReader } from '../read-model/moment-readers.js';
import { hash, toBase64 } from './hashes.js';
import { LogReader } from './log-reader.js';

const BLOCK_EXPECTED = 'expected the number of a block, from 0 on';

const query = z.strictObject({
  block: z
    .string(BLOCK_EXPECTED)
    .regex(/^\d{1,15}$/, BLOCK_EXPECTED)
    .transform(Number)
    .meta({
      openapi: {
        description: 'The last one that is signed, by default.',
        type: 'integer',
        minimum: 0,
        maximum: 999_999_999_999_999,
      },
    })
    .optional(),
});

const balanceProof = z
  .strictObject({
    merchantId,
    /** The merchant's own; an account and unit that is not among them had nothing. */
    balances: z.array(
      z.strictObject({ account: z.string(), unit, balance: amount }),
    ),
    block: z.int(),
    sealedAt: instant,
    /** Of the leaf in the tree of balances. */
    index: z.int(),
    /** The bytes of the leaf, in base64: the balances of all merchants that are in it. */
    leaf: z.base64(),
    /** PATH(m, D[n]) of RFC 6962, section 2.1.1, from the leaf to the root that the block has. */
    proof: z.array(hash),
    /** That the block is in the log. */
    inclusion: z.strictObject({
      position: z.int(),
      size: z.int(),
      /** The bytes of the block's leaf, in base64. */
      leaf: z.base64(),
      proof: z.array(hash),
      /** The signed checkpoint of that size. */
      note: z.string(),
    }),
  })
  .meta({ id: 'BalanceProof' });

/** What a merchant had, so that nobody need be believed. Not for merchants: a leaf has others' balances too. */
@Controller('v1/merchants/:id/balances/proof')
export class BalanceProofController {
  constructor(
    private readonly log: LogReader,
    private readonly reader: OperatorReader,
  ) {}

  @Get()
  @Roles('auditor', 'operator', 'approver')
  @Operation({
    id: 'proveBalances',
    tag: 'log',
    summary:
      'What a merchant had at a block of the log, and the proof of it up to a signed checkpoint',
    answers: { 200: balanceProof },
    problems: ['log-unavailable', 'not-found', 'balances-not-as-sealed'],
  })
  async prove(
    @Param({ schema: merchantParams }) { id }: MerchantParams,
    @Query({ schema: query }) { block: number }: z.output<typeof query>,
    @ClientGone() gone: AbortSignal,
  ): Promise<z.output<typeof balanceProof>> {
    const { note, checkpoint } = await this.log.checkpoint();
    const { size } = checkpoint;
    const { block, proof } = await this.reader.read(async (db) => {
      const found = await findBlock(db, number, size);
      return { block: found, proof: await prove(db, id, found) };
    }, gone);
    const { position } = block;
    const inclusion = await this.log.proveInclusion(position, size);
    const shard = shardOf(id, block.shardCount);
    const leaf = balanceLeafOf(id);
    return {
      merchantId: id,
      balances: verifyBalanceProof(proof, block),
      block: block.number,
      sealedAt: new Date(block.sealedAtMs),
      index: shard * LEAVES_PER_SHARD + leaf,
      leaf: toBase64(balanceLeaf(shard, leaf, proof.balances)),
      proof: proof.proof.map(toBase64),
      inclusion: {
        position,
        size,
        leaf: toBase64(inclusion.leaf),
        proof: inclusion.proof.map(toBase64),
        note,
      },
    };
  }
}

/** @param size of the tree that it is to be in */
async function findBlock(
  db: PoolClient,
  number: number | undefined,
  size: number,
): Promise<StoredBlock> {
  const block =
    number === undefined
      ? await readLastBlock(db, size)
      : await readBlock(db, number);
  if (block && block.position < size) return block;
  throw new ProblemException({
    kind: 'not-found',
    status: HttpStatus.NOT_FOUND,
    detail:
      number === undefined
        ? 'No block is signed yet.'
        : `Block ${number} is not signed yet.`,
  });
}

async function prove(
  db: PoolClient,
  merchant: string,
  block: StoredBlock,
): Promise<BalanceProof> {
  try {
    return await proveBalances(db, merchant, block);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new ProblemException({
      kind: 'balances-not-as-sealed',
      status: HttpStatus.CONFLICT,
      detail: `${error.message[0]!.toUpperCase()}${error.message.slice(1)}.`,
    });
  }
}
