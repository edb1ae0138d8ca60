import { Module } from '@nestjs/common';
import { ChangesController } from './changes.controller.js';
import { AuditEntriesController } from './entries.controller.js';
import { EventsController } from './events.controller.js';
import { AuditLotsController } from './lots.controller.js';

/** What auditors ask. */
@Module({
  controllers: [
    AuditEntriesController,
    AuditLotsController,
    ChangesController,
    EventsController,
  ],
})
export class AuditModule {}
