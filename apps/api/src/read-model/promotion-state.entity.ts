import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AutoPromotionLimits } from '@app/contracts';

/** A merchant's switch, as the promoter last took it. */
@Entity('promotion_state')
export class PromotionState {
  @PrimaryColumn('smallint')
  shard: number;

  @PrimaryColumn('text', { name: 'merchant_id' })
  merchantId: string;

  @Column('boolean', { name: 'auto_promotion' })
  enabled: boolean;

  @Column('timestamptz', { name: 'auto_promotion_since', nullable: true })
  since: Date | null;

  /** The id of the event that last turned the switch. */
  @Column('text', { name: 'auto_promotion_event_id', nullable: true })
  eventId: string | null;

  /** Of a switch that is off: those that held last. */
  @Column('jsonb', { name: 'auto_promotion_limits' })
  limits: AutoPromotionLimits;
}
