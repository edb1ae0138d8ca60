import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Unit } from '@app/contracts';
import type { Journal } from '@app/ledger';
import { int8 } from './columns.js';

@Entity('posting')
export class Posting {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text')
  journal: Journal;

  @PrimaryColumn(int8)
  sequence: bigint;

  /** Its place within the entry, from 0. */
  @PrimaryColumn('smallint')
  line: number;

  /** The full name, e.g. `merchant:m1:available`. */
  @Column('text')
  account: string;

  @Column('text')
  unit: Unit;

  @Column(int8)
  amount: bigint;

  @Column('text', { name: 'lot_id', nullable: true })
  lotId: string | null;
}
