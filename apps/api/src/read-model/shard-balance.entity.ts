import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Unit } from '@app/contracts';
import type { AccountClass, Journal } from '@app/ledger';
import { int8 } from './columns.js';

/** What one journal has posted to a class of account in one shard. */
@Entity('shard_balance')
export class ShardBalance {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text')
  journal: Journal;

  @PrimaryColumn('text')
  account: AccountClass;

  @PrimaryColumn('text')
  unit: Unit;

  @Column(int8)
  amount: bigint;
}
