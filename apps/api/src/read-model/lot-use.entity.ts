import { Column, Entity, PrimaryColumn } from 'typeorm';
import { int8 } from './columns.js';

/** What has become of a grant. */
@Entity('lot_use')
export class LotUse {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text', { name: 'lot_id' })
  lotId: string;

  @Column(int8)
  spent: bigint;

  @Column(int8)
  expired: bigint;

  @Column({ ...int8, name: 'clawed_back' })
  clawedBack: bigint;
}
