import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { shardOf } from '@app/contracts';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { Lot } from '../read-model/lot.entity.js';
import { MerchantBalance } from '../read-model/merchant-balance.entity.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import { sumBalances, toWalletLot, type Wallet } from './wallet.js';

const LOTS_MAX = 1_000;

@Injectable()
export class WalletService {
  constructor(
    private readonly reader: LedgerReader,
    @Inject(SHARD_COUNT) private readonly shardCount: number,
  ) {}

  async read(merchantId: string): Promise<Wallet> {
    const owner = { shard: shardOf(merchantId, this.shardCount), merchantId };
    const asOf = new Date();
    return this.reader.read(async (manager) => ({
      merchantId,
      asOf,
      balances: sumBalances(await manager.findBy(MerchantBalance, owner)),
      lots: (await readLots(manager, owner)).map(toWalletLot),
    }));
  }
}

/** Lots with something left, first to expire first; then the others, last to expire first. */
function readLots(
  manager: EntityManager,
  owner: { shard: number; merchantId: string },
): Promise<Lot[]> {
  const isOpen =
    'lot.granted > COALESCE(use.spent + use.expired + use.clawedBack, 0)';
  return manager
    .createQueryBuilder(Lot, 'lot')
    .leftJoinAndSelect('lot.use', 'use')
    .where(owner)
    .orderBy(`CASE WHEN ${isOpen} THEN lot.expiresAt END`, 'ASC', 'NULLS LAST')
    .addOrderBy('lot.expiresAt', 'DESC')
    .addOrderBy('lot.lotId')
    .limit(LOTS_MAX)
    .getMany();
}
