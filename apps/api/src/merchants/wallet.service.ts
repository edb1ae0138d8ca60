import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { shardOf } from '@app/contracts';
import { OpenLotSearch } from '@app/ledger';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { Lot } from '../read-model/lot.entity.js';
import { MerchantBalance } from '../read-model/merchant-balance.entity.js';
import { SHARD_COUNT } from '../read-model/read-model.module.js';
import {
  inOrderOfUse,
  remainingOf,
  sumBalances,
  toWalletLot,
  type Wallet,
} from './wallet.js';

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
    return this.reader.read(async (manager) => {
      const balances = await manager.findBy(MerchantBalance, owner);
      const lots = await readLots(manager, owner, new OpenLotSearch(balances));
      return {
        merchantId,
        asOf,
        balances: sumBalances(balances),
        lots: lots.map(toWalletLot),
      };
    });
  }
}

interface Owner {
  shard: number;
  merchantId: string;
}

/**
 * Lots with something left, and of the others those that expire last, as many as the wallet lists. Read from the last
 * to expire back, until those with something left are all that the merchant has: so a merchant's first years cost
 * nothing.
 */
async function readLots(
  manager: EntityManager,
  owner: Owner,
  search: OpenLotSearch,
): Promise<Lot[]> {
  const open: Lot[] = [];
  const closed: Lot[] = [];
  let last: Lot | undefined;
  do {
    const page = await readPage(manager, owner, last);
    for (const lot of page) {
      const remaining = remainingOf(lot);
      search.see(lot.unit, remaining);
      if (remaining > 0n) open.push(lot);
      else if (closed.length < LOTS_MAX) closed.push(lot);
    }
    last = page.length < LOTS_MAX ? undefined : page.at(-1);
  } while (last && !search.isDone);
  return [...open.sort(inOrderOfUse), ...closed].slice(0, LOTS_MAX);
}

/** The last to expire first, behind `after`. */
function readPage(
  manager: EntityManager,
  owner: Owner,
  after: Lot | undefined,
): Promise<Lot[]> {
  const query = manager
    .createQueryBuilder(Lot, 'lot')
    .leftJoinAndSelect('lot.use', 'use')
    .where(owner)
    .orderBy('lot.expiresAt', 'DESC')
    .addOrderBy('lot.lotId')
    .limit(LOTS_MAX);
  if (after)
    query.andWhere(
      `lot.expiresAt <= :expiresAt AND (lot.expiresAt < :expiresAt OR lot.lotId > :lotId)`,
      after,
    );
  return query.getMany();
}
