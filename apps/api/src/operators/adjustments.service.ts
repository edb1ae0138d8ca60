import { HttpException, HttpStatus } from '@nestjs/common';
import {
  approve,
  listProposals,
  propose,
  ProposalUnknown,
  readLot,
  readProposal,
  reject,
  type Finance,
  type Proposal,
} from '@app/adjustments';
import { AdjustmentRefused, type Adjustment } from '@app/ledger';
import { invalidRequest, ProblemException } from '@app/platform';
import type { Change } from '../changes/change-log.js';
import { explainFailure } from '../read-model/explain-failure.js';
import type { OperatorReader } from '../read-model/moment-readers.js';
import type { RequestedAdjustment } from './adjustment.js';

export interface ProposalsAsked {
  onlyOpen: boolean;
  limit: number;
  after?: { proposedAtMs: number; proposalId: string } | undefined;
}

/** Who asks for a change. */
export interface Asker {
  /** The `sub` of the token. */
  by: string;
}

const DIGITS = 12;

/** Corrections by finance, in the name of whoever's token asks. */
export class AdjustmentsService {
  constructor(
    private readonly finance: Finance,
    private readonly reader: OperatorReader,
  ) {}

  list(asked: ProposalsAsked, gone: AbortSignal): Promise<Proposal[]> {
    const { shardCount } = this.finance;
    return this.reader.read(
      (pool) => listProposals({ pool, shardCount }, asked),
      gone,
    );
  }

  read(proposalId: string, gone: AbortSignal): Promise<Proposal> {
    const { shardCount } = this.finance;
    return this.reader.read(
      (pool) => refusing(() => readProposal({ pool, shardCount }, proposalId)),
      gone,
    );
  }

  /** @param change the same again is the same proposal */
  propose(
    requested: RequestedAdjustment,
    reason: string,
    { id, by }: Change & Asker,
  ): Promise<Proposal> {
    const shard =
      requested.type === 'budget' ? (requested.shard ?? null) : null;
    if (shard !== null && shard >= this.finance.shardCount)
      throw invalidRequest([
        {
          field: 'adjustment.shard',
          message: `expected a shard from 0 to ${this.finance.shardCount - 1}`,
        },
      ]);
    const digits = id.replaceAll('-', '').slice(0, DIGITS);
    return refusing(async () => {
      const adjustment = await this.#toAdjustment(requested);
      return propose(this.finance, { adjustment, shard, reason, by, digits });
    });
  }

  /** One that is approved already stays as it is. */
  approve(proposalId: string, { by }: Asker): Promise<Proposal> {
    return this.#decide(proposalId, 'approved', () =>
      approve(this.finance, proposalId, by),
    );
  }

  /** One that is rejected already stays as it is. */
  reject(
    proposalId: string,
    rejection: Asker & { reason: string },
  ): Promise<Proposal> {
    return this.#decide(proposalId, 'rejected', () =>
      reject(this.finance, proposalId, rejection),
    );
  }

  /** Unless it is decided so: by now, or by somebody who was faster. */
  #decide(
    proposalId: string,
    state: Proposal['state'],
    decide: () => Promise<Proposal>,
  ): Promise<Proposal> {
    return refusing(async () => {
      const known = await readProposal(this.finance, proposalId);
      if (known.state === state) return known;
      try {
        return await decide();
      } catch (error) {
        if (!(error instanceof AdjustmentRefused)) throw error;
        const decided = await readProposal(this.finance, proposalId);
        if (decided.state === state) return decided;
        throw error;
      }
    });
  }

  async #toAdjustment(requested: RequestedAdjustment): Promise<Adjustment> {
    const amount = BigInt(requested.amount);
    switch (requested.type) {
      case 'give': {
        const { expiresAt, ...asked } = requested;
        return { ...asked, amount, expiresAtMs: expiresAt.getTime() };
      }
      case 'take_back': {
        const { type, lotId } = requested;
        const shard = Number(lotId.split('-')[1]);
        const lot = await readLot(this.finance.pool, shard, lotId);
        if (!lot) throw new AdjustmentRefused(`there is no lot ${lotId}`);
        return { type, lotId, amount, merchantId: lot.merchantId };
      }
      case 'budget': {
        const { type, program, unit } = requested;
        return { type, program, unit, amount };
      }
      case 'cash':
      case 'payout':
        return { ...requested, amount };
    }
  }
}

/** @throws ProblemException 404 `not-found`, 422 `adjustment-refused`, 503 where the database does not answer */
async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AdjustmentRefused) throw refused(error);
    if (error instanceof HttpException) throw error;
    throw explainFailure(error, (error as { code?: string }).code);
  }
}

function refused(error: AdjustmentRefused): ProblemException {
  const isUnknown = error instanceof ProposalUnknown;
  return new ProblemException({
    kind: isUnknown ? 'not-found' : 'adjustment-refused',
    status: isUnknown ? HttpStatus.NOT_FOUND : HttpStatus.UNPROCESSABLE_ENTITY,
    detail: `Refused: ${error.message}.`,
    cause: error,
  });
}
