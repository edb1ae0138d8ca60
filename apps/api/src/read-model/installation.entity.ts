import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that says what never changes. */
@Entity('installation')
export class Installation {
  @PrimaryColumn('boolean')
  singleton: boolean;

  @Column('smallint', { name: 'shard_count' })
  shardCount: number;
}
