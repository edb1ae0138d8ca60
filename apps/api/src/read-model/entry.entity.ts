import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cause, EntryKind, Journal } from '@app/ledger';
import { int8 } from './columns.js';

@Entity('entry')
export class Entry {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text')
  journal: Journal;

  @PrimaryColumn(int8)
  sequence: bigint;

  @Column('text')
  kind: EntryKind;

  @Column('text', { name: 'merchant_id', nullable: true })
  merchantId: string | null;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt: Date;

  /** In whole milliseconds: the hash of an entry covers no more. */
  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt: Date;

  @Column('jsonb')
  cause: Cause;
}
