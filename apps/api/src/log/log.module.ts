import { Module, type DynamicModule } from '@nestjs/common';
import { BalanceProofController } from './balance-proof.controller.js';
import { LogReader } from './log-reader.js';
import { LogController } from './log.controller.js';

/** The transparency log, and proofs of it. */
@Module({ controllers: [BalanceProofController, LogController] })
export class LogModule {
  /** @param directory of its tiles; undefined where there is none here */
  static forRoot(directory: string | undefined): DynamicModule {
    return {
      module: LogModule,
      providers: [{ provide: LogReader, useValue: new LogReader(directory) }],
    };
  }
}
