import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import type { Unit } from '@app/contracts';
import { int8 } from './columns.js';
import { LotUse } from './lot-use.entity.js';

/** A grant, as it was made. */
@Entity('lot')
export class Lot {
  @PrimaryColumn('smallint')
  shard: number;

  /** The id of the entry that granted it. */
  @PrimaryColumn('text', { name: 'lot_id' })
  lotId: string;

  @Column('text', { name: 'merchant_id' })
  merchantId: string;

  @Column('text')
  unit: Unit;

  @Column(int8)
  granted: bigint;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('text')
  program: string;

  /** None before the promotions journal first touches the lot. */
  @OneToOne(() => LotUse)
  @JoinColumn([
    { name: 'shard', referencedColumnName: 'shard' },
    { name: 'lot_id', referencedColumnName: 'lotId' },
  ])
  use: LotUse | null;
}
