import { randomBytes } from 'node:crypto';
import { shardOf, type Unit } from '@app/contracts';
import {
  AdjustmentRefused,
  decideAdjustment,
  entryId,
  journalOf,
  MAX_AMOUNT,
  planAdjustment,
  type Adjustment,
  type AdjustmentApproval,
  type AdjustmentDecision,
  type AdjustmentProposal,
  type Entry,
} from '@app/ledger';
import {
  addToLotUse,
  commitToJournal,
  insertLots,
  readJournalHead,
  readPools,
  type JournalHead,
  type Pool,
  type Statement,
} from '@app/ledger/postgres';
import { homesAmong } from '@app/programs';
import { evolve, UNKNOWN_MERCHANT } from '@app/promotion';
import { readMerchants, saveMerchants } from '@app/promotion/postgres';
import { divideCut } from './divide-cut.js';
import { ProposalUnknown, type Finance, type Ledger } from './finance.js';
import { leaseFor, readReach } from './leasing.js';
import {
  insertApproval,
  insertProposal,
  insertRejection,
  readProposals,
  toProposal,
  type Proposal,
  type ProposalFilter,
} from './proposals.js';
import type { ProposalDecision } from './proposal-state.js';
import { readAdjustmentState } from './state.js';

/** A journal is also written by its service: so often an adjustment gives way to it, and then gives up. */
const ATTEMPTS_MAX = 20;
const UNIQUE_VIOLATION = '23505';
const OUT_OF_RANGE = '22003';
const NOTHING_KNOWN = { pool: 0n, owed: 0n, payable: 0n, lot: null };

export interface ProposalRequest {
  adjustment: Adjustment;
  /** The shard whose pool a budget is for; null for its home. Of no account for a merchant's adjustments. */
  shard: number | null;
  reason: string;
  by: string;
  /** Twelve hexadecimal digits that name it, so that who asks again finds it; by default it is a new one. */
  digits?: string;
}

/**
 * Writes down what somebody proposes. Nothing of it moves before another identity approves.
 *
 * @throws AdjustmentRefused where it could not be made as the ledger is now
 */
export async function propose(
  finance: Finance,
  request: ProposalRequest,
): Promise<Proposal> {
  const { pool, nowMs } = finance;
  const { reason, by } = request;
  assertIdentity(by);
  if (reason.trim() === '') throw new AdjustmentRefused('it takes a reason');
  if (request.digits !== undefined) {
    const known = await findByDigits(finance, request.digits);
    if (known) return known;
  }
  const parts = await toParts(finance, request);
  const [first] = parts;
  const digits = request.digits ?? randomBytes(6).toString('hex');
  const id = `adj-${first!.where}-${digits}`;
  const proposedAtMs = nowMs();
  const proposals = parts.map(({ shard, adjustment }): AdjustmentProposal => ({
    shard,
    proposalId: id,
    adjustment,
    reason: reason.trim(),
    proposedBy: by,
    proposedAtMs,
  }));
  // One transaction a shard: a proposal that was cut short is known by its parts, and cannot be approved.
  for (const proposal of proposals)
    await insertProposal(pool, proposal, proposals.length);
  return toProposal(
    proposals.map((proposal) => ({ proposal, decided: null })),
    proposals.length,
  );
}

/**
 * Approves a proposal and writes its entry, in each of its shards. Where that was interrupted, the same call goes on.
 *
 * @throws AdjustmentRefused where it must not or cannot be made
 */
export async function approve(
  finance: Finance,
  proposalId: string,
  by: string,
): Promise<Proposal> {
  assertIdentity(by);
  const proposal = await readProposal(finance, proposalId);
  assertWhole(proposal);
  assertOpen(proposal);
  assertNot(proposal, 'rejected');
  for (const { proposal: part, decided } of proposal.parts)
    if (!decided) await approveInShard(finance, part, by);
  return readProposal(finance, proposalId);
}

/**
 * Rejects a proposal; whoever proposed it may take it back in this way.
 *
 * @throws AdjustmentRefused where it was decided on already
 */
export async function reject(
  finance: Finance,
  proposalId: string,
  { by, reason }: { by: string; reason: string },
): Promise<Proposal> {
  assertIdentity(by);
  if (reason.trim() === '') throw new AdjustmentRefused('it takes a reason');
  const proposal = await readProposal(finance, proposalId);
  assertOpen(proposal);
  assertNot(proposal, 'approved');
  for (const { proposal: part, decided } of proposal.parts) {
    const rejection = { by, reason: reason.trim(), atMs: finance.nowMs() };
    if (!decided && !(await insertRejection(finance.pool, part, rejection)))
      throw new AdjustmentRefused(
        `${proposalId} was decided on meanwhile: look at it again`,
      );
  }
  return readProposal(finance, proposalId);
}

/** @throws ProposalUnknown where there is none of this id */
export async function readProposal(
  { pool, shardCount }: Ledger,
  proposalId: string,
): Promise<Proposal> {
  const [, where] = /^adj-(\d{1,5}|all)-[0-9a-f]+$/.exec(proposalId) ?? [];
  const shards = allShards(shardCount).filter(
    (shard) => where === 'all' || shard === Number(where),
  );
  const [proposal] = await readProposals(pool, {
    shards,
    proposalIds: [proposalId],
  });
  if (!proposal)
    throw new ProposalUnknown(`there is no proposal ${proposalId}`);
  return proposal;
}

/** In whatever shards it was proposed for: these follow from what the ledger had then. */
async function findByDigits(
  { pool, shardCount }: Ledger,
  digits: string,
): Promise<Proposal | undefined> {
  const shards = allShards(shardCount);
  const proposalIds = [...shards, 'all'].map(
    (where) => `adj-${where}-${digits}`,
  );
  const [proposal] = await readProposals(pool, { shards, proposalIds });
  return proposal;
}

/** The latest proposals of all shards. */
export function listProposals(
  { pool, shardCount }: Ledger,
  asked: Pick<ProposalFilter, 'onlyOpen' | 'limit' | 'after'>,
): Promise<Proposal[]> {
  return readProposals(pool, { shards: allShards(shardCount), ...asked });
}

interface PartRequest {
  /** For the id. */
  where: number | 'all';
  shard: number;
  adjustment: Adjustment;
}

async function toParts(
  finance: Finance,
  { adjustment, shard: only }: ProposalRequest,
): Promise<PartRequest[]> {
  const { pool, shardCount, nowMs } = finance;
  if (adjustment.type === 'budget') {
    planAdjustment(adjustment, NOTHING_KNOWN, '', nowMs());
    await assertPool(pool, adjustment);
    if (only !== null) return [{ where: only, shard: only, adjustment }];
    return spread(finance, adjustment);
  }
  const shard = shardOf(adjustment.merchantId, shardCount);
  const head = await readJournalHead(pool, journalOf(adjustment), shard);
  const state = await readAdjustmentState(pool, shard, adjustment, head);
  const reach = await readReach(finance, shard, adjustment);
  // Told now what would be refused later.
  planAdjustment(adjustment, { ...state, pool: reach }, '', nowMs());
  return [{ where: shard, shard, adjustment }];
}

/** What is added is added at home; what is cut is cut there first, and then from the slices that are elsewhere. */
async function spread(
  { pool, shardCount }: Finance,
  adjustment: Extract<Adjustment, { type: 'budget' }>,
): Promise<PartRequest[]> {
  const { program, unit, amount } = adjustment;
  const home = homesAmong(shardCount)(program, unit);
  if (amount > 0n) return [{ where: home, shard: home, adjustment }];
  const pools = await readPools(pool, allShards(shardCount), { program, unit });
  const cuts = divideCut(-amount, home, pools);
  return cuts.map(({ shard, amount: cut }) => ({
    where: cuts.length > 1 ? 'all' : shard,
    shard,
    adjustment: { ...adjustment, amount: -cut },
  }));
}

/** A slip of the pen would make a pool that no program draws on. */
async function assertPool(
  pool: Pool,
  { program, unit }: { program: string; unit: Unit },
): Promise<void> {
  const { rowCount } = await pool.query(
    `SELECT FROM shard_balance WHERE journal = 'grants' AND account = $1 AND unit = $2 LIMIT 1`,
    [`pool:${program}`, unit],
  );
  if (rowCount === 0)
    throw new AdjustmentRefused(
      `there is no pool:${program} in ${unit}: a program's first budget comes with its file`,
    );
}

async function approveInShard(
  finance: Finance,
  proposal: AdjustmentProposal,
  by: string,
): Promise<void> {
  const { pool, nowMs } = finance;
  const { shard, adjustment } = proposal;
  const journal = journalOf(adjustment);
  await leaseFor(finance, shard, adjustment);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const head = await readJournalHead(pool, journal, shard);
    // Behind the head: whatever changes what is read now moves it, and the commit is refused.
    const state = await readAdjustmentState(pool, shard, adjustment, head);
    const approval = { approvedBy: by, approvedAtMs: nowMs() };
    const id = entryId(journal, shard, head.tip.sequence + 1n);
    const decision = decideAdjustment(proposal, approval, state, id);
    if (await commit(finance, { proposal, approval, decision, head })) return;
  }
  throw new AdjustmentRefused(
    `the ${journal} journal of shard ${shard} moves too fast: try again`,
  );
}

interface Approved {
  proposal: AdjustmentProposal;
  approval: AdjustmentApproval;
  decision: AdjustmentDecision;
  head: JournalHead;
}

/** @returns false where another writer moved the head, and nothing is written */
async function commit(
  { pool }: Finance,
  { proposal, approval, decision, head }: Approved,
): Promise<boolean> {
  const { shard, adjustment, proposalId } = proposal;
  const merchants =
    adjustment.type === 'take_back'
      ? await readMerchants(pool, shard, [adjustment.merchantId])
      : null;
  const ofMerchant = (entry: Entry | undefined): Statement[] => {
    if (!entry?.merchantId || !merchants) return [];
    const { merchantId } = entry;
    const before = merchants.get(merchantId) ?? UNKNOWN_MERCHANT;
    const after = new Map([[merchantId, evolve(before, entry)]]);
    return [...addToLotUse(shard, [entry]), ...saveMerchants(shard, after)];
  };
  try {
    const committed = await commitToJournal(pool, {
      journal: journalOf(adjustment),
      shard,
      head,
      // An adjustment takes nothing from any source.
      consumed: head.consumed,
      drafts: decision.draft ? [decision.draft] : [],
      nowMs: approval.approvedAtMs,
      alongside: ([entry]) => [
        insertApproval(proposal, approval, entry ?? null),
        ...insertLots(shard, decision.lot ? [decision.lot] : []),
        ...ofMerchant(entry),
      ],
    });
    return committed !== null;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === UNIQUE_VIOLATION)
      throw new AdjustmentRefused(
        `${proposalId} was decided on meanwhile: look at it again`,
      );
    if (code === OUT_OF_RANGE)
      throw new AdjustmentRefused(
        `an account would have more than ${MAX_AMOUNT}, which is the most that one holds`,
      );
    throw error;
  }
}

/** Identities are compared letter by letter: none may look like another. */
function assertIdentity(identity: string): void {
  if (!/^[a-z0-9][a-z0-9._@+-]{0,99}$/.test(identity))
    throw new AdjustmentRefused(
      `"${identity}" is no identity: expected 1 to 100 lower-case letters, digits and . _ @ + -, such as alice@example.com`,
    );
}

function assertWhole({ proposalId, spreadOver, parts }: Proposal): void {
  if (parts.length !== spreadOver)
    throw new AdjustmentRefused(
      `${proposalId} was cut short: it is proposed for ${parts.length} of ${spreadOver} shards; reject it and propose it anew`,
    );
}

function assertOpen({ proposalId, parts }: Proposal): void {
  const last = parts.at(-1)?.decided;
  if (!last || parts.some(({ decided }) => !decided)) return;
  throw new AdjustmentRefused(
    `${proposalId} was ${last.decision} by ${last.decidedBy} already, at ${last.decidedAt.toISOString()}`,
  );
}

/** What was begun in some shards is brought to its end. */
function assertNot(
  { proposalId, parts }: Proposal,
  decision: ProposalDecision['decision'],
): void {
  const begun = parts.find(({ decided }) => decided?.decision === decision);
  if (begun)
    throw new AdjustmentRefused(
      `${proposalId} was ${decision} in a part of its shards, by ${begun.decided!.decidedBy}: let that come to its end`,
    );
}

function allShards(shardCount: number): number[] {
  return Array.from({ length: shardCount }, (_, shard) => shard);
}
