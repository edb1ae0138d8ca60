import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { Unit } from '@app/contracts';
import { isFunding } from '@app/ledger';
import { LedgerReader } from '../read-model/ledger-reader.js';
import { ShardBalance } from '../read-model/shard-balance.entity.js';
import { ShardHead } from '../read-model/shard-head.entity.js';

/**
 * What the ledger has come to, for operators: read off its heads and balances whenever somebody asks, and
 * left out while the database is away, so that nothing seems to start again from zero.
 */
@Injectable()
export class LedgerMetrics {
  constructor(
    registry: Registry,
    private readonly reader: LedgerReader,
  ) {
    const readHeads = () => this.#readHeads();
    const readBalances = () => this.#readBalances();
    const registers = [registry];
    new Counter({
      name: 'ledger_consumed_total',
      help: 'Positions taken by journal and source; grants from merchant.activity.v1 are the events in',
      labelNames: ['journal', 'source'],
      registers,
      async collect() {
        this.reset();
        for (const { journal, consumed } of await readHeads())
          for (const [source, position] of Object.entries(consumed))
            this.inc({ journal, source }, position);
      },
    });
    new Counter({
      name: 'ledger_granted_total',
      help: 'Amounts granted to merchants, in minor units',
      labelNames: ['unit'],
      registers,
      async collect() {
        this.reset();
        for (const [unit, amount] of sumGranted(await readBalances()))
          this.inc({ unit }, Number(amount));
      },
    });
    new Counter({
      name: 'ledger_spent_total',
      help: 'Amounts spent for merchants, in minor units',
      labelNames: ['placement', 'unit'],
      registers,
      async collect() {
        this.reset();
        for (const { account, unit, amount } of await readBalances()) {
          const [kind, placement] = account.split(':');
          if (kind === 'spent') this.inc({ placement, unit }, Number(amount));
        }
      },
    });
  }

  #readHeads(): Promise<ShardHead[]> {
    return this.reader
      .read((manager) => manager.find(ShardHead))
      .catch(() => []);
  }

  #readBalances(): Promise<ShardBalance[]> {
    return this.reader
      .read((manager) => manager.find(ShardBalance))
      .catch(() => []);
  }
}

/** All that ever came out of pools to merchants: what they got, what they are paid, and what settled what they owed. */
function sumGranted(balances: readonly ShardBalance[]): Map<Unit, bigint> {
  const sums = new Map<Unit, bigint>();
  for (const { journal, account, unit, amount } of balances)
    if (journal === 'grants' && !isFunding(account))
      sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  return sums;
}
