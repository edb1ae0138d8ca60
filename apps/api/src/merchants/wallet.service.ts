import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OpenLotSearch, type MerchantPlace } from '@app/ledger';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { LotUse } from '../read-model/lot-use.entity.js';
import { Lot } from '../read-model/lot.entity.js';
import { MerchantBalance } from '../read-model/merchant-balance.entity.js';
import { MerchantReader } from '../read-model/moment-readers.js';
import { placeOf } from './merchant-place.js';
import { SmallWallets, type WalletRows } from './small-wallets.js';
import {
  inOrderOfUse,
  lastToExpireFirst,
  remainingOf,
  sumBalances,
  toWalletLot,
  type Wallet,
} from './wallet.js';

const LOTS_MAX = 1_000;

@Injectable()
export class WalletService {
  constructor(
    private readonly merchants: MerchantReader,
    private readonly smallWallets: SmallWallets,
    private readonly reader: LedgerReader,
  ) {}

  async read(merchantId: string, gone: AbortSignal): Promise<Wallet> {
    const owner = placeOf(merchantId, this.merchants.shards);
    const asOf = new Date();
    const { balances, lots } =
      (await this.smallWallets.read(owner, gone)) ??
      (await this.#readLarge(owner, gone));
    return {
      merchantId,
      asOf,
      balances: sumBalances(balances),
      lots: lots.map(toWalletLot),
    };
  }

  #readLarge(owner: MerchantPlace, gone: AbortSignal): Promise<WalletRows> {
    return this.reader.read(async (manager) => {
      const balances = await manager.findBy(MerchantBalance, owner);
      const search = new OpenLotSearch(balances);
      return { balances, lots: await readLots(manager, owner, search) };
    }, gone);
  }
}

/**
 * Lots with something left, and of the others those that expire last, as many as the wallet lists. Read from the last
 * to expire back, until those with something left are all that the merchant has: so a merchant's first years cost
 * nothing.
 */
async function readLots(
  manager: EntityManager,
  owner: MerchantPlace,
  search: OpenLotSearch,
): Promise<Lot[]> {
  const open: Lot[] = [];
  const closed: Lot[] = [];
  let before: Date | null = null;
  do {
    const { lots, next }: LotPage = await readPage(manager, owner, before);
    for (const lot of lots) {
      const remaining = remainingOf(lot);
      search.see(lot.unit, remaining);
      if (remaining > 0n) open.push(lot);
      else if (closed.length < LOTS_MAX) closed.push(lot);
    }
    before = next;
  } while (before && !search.isDone);
  return [...open.sort(inOrderOfUse), ...closed].slice(0, LOTS_MAX);
}

interface LotPage {
  lots: Lot[];
  /** All others expire before that; null where there are none. */
  next: Date | null;
}

/**
 * The last to expire first, of those that expire before an instant: as many as a wallet lists, and whatever expires
 * at the same instant as the last of them. Where they end is asked first: an index alone says that, and a range leaves
 * PostgreSQL no way to read and sort all that a merchant has ever had.
 */
async function readPage(
  manager: EntityManager,
  owner: MerchantPlace,
  before: Date | null,
): Promise<LotPage> {
  const select = () => {
    const query = manager.createQueryBuilder(Lot, 'lot').where(owner);
    return before
      ? query.andWhere('lot.expiresAt < :before', { before })
      : query;
  };
  const last = await select()
    .select('lot.expiresAt', 'expiresAt')
    .orderBy('lot.expiresAt', 'DESC')
    .offset(LOTS_MAX - 1)
    .limit(1)
    .getRawOne<{ expiresAt: Date }>();
  const query = select();
  if (last)
    query.andWhere('lot.expiresAt >= :first', { first: last.expiresAt });
  const lots = await query.getMany();
  await readUse(manager, owner.shard, lots);
  return { lots: lots.sort(lastToExpireFirst), next: last?.expiresAt ?? null };
}

/** By the ids of the lots, which are near each other in the index: a join would look each of them up by itself. */
async function readUse(
  manager: EntityManager,
  shard: number,
  lots: readonly Lot[],
): Promise<void> {
  const uses = await manager
    .createQueryBuilder(LotUse, 'use')
    .where({ shard })
    .andWhere('use.lotId = ANY (:lotIds)', {
      lotIds: lots.map(({ lotId }) => lotId),
    })
    .getMany();
  const byLot = new Map(uses.map((use) => [use.lotId, use]));
  for (const lot of lots) lot.use = byLot.get(lot.lotId) ?? null;
}
