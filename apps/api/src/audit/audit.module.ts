import { Module } from '@nestjs/common';
import { ActivityReconciliationController } from './activity-reconciliation.controller.js';
import { ChangesController } from './changes.controller.js';
import { DeliveryReconciliationController } from './delivery-reconciliation.controller.js';
import { AuditEntriesController } from './entries.controller.js';
import { EventsController } from './events.controller.js';
import { FlaggedGrantsController } from './flagged-grants.controller.js';
import { AuditLotsController } from './lots.controller.js';
import { ProgramFundsController } from './program-funds.controller.js';

/** What auditors ask. */
@Module({
  controllers: [
    ActivityReconciliationController,
    AuditEntriesController,
    AuditLotsController,
    ChangesController,
    DeliveryReconciliationController,
    EventsController,
    FlaggedGrantsController,
    ProgramFundsController,
  ],
})
export class AuditModule {}
