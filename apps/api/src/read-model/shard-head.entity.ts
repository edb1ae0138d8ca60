import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Journal } from '@app/ledger';

/** How far a journal's writer has come in one shard. */
@Entity('shard_head')
export class ShardHead {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text')
  journal: Journal;

  /** By source, the next position to take. */
  @Column('jsonb')
  consumed: Record<string, number>;
}
