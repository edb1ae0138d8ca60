import { Logger } from '@nestjs/common';
import { inject } from 'vitest';
import { shardOf } from '@app/contracts';
import { createPool, ROLES, type Pool } from '@app/ledger/postgres';
import { ProgramSet } from '@app/programs';
import {
  createLedger,
  type TestLedger,
} from '../../../libs/ledger/test/journal.js';
import {
  endedAfter,
  flagged,
  gained,
  paid,
  refunded,
  started,
  timeMs,
} from '../../../libs/programs/test/activity.js';
import {
  SHIPPED_FILES,
  shippedProgram,
} from '../../../libs/programs/test/programs.js';
import { fixedPrograms } from '../test/fixed-programs.js';
import {
  ActivityLog,
  GranterByHand,
  SetClock,
} from '../test/granter-by-hand.js';
import { Forgetting } from './forgetting.js';

const SHARD = shardOf('m1', 64);
const SHIPPED = new ProgramSet(
  SHIPPED_FILES.map(({ fileName }) =>
    shippedProgram(fileName.replace('.yaml', '')),
  ),
);
const OLD = '2023-02-01T12:00:00';
const LIVE = { channel: 'live', sessionId: 's1' } as const;
const orders = (name: string) =>
  Array.from({ length: 5 }, (_, i) => paid(`${name}-${i}`, OLD, 50_000, LIVE));

describe('forgetting with the shipped programs', () => {
  let ledger: TestLedger;
  let granters: Pool;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    ledger = await createLedger(inject('postgresUrl'));
    granters = createPool(ledger.url, {
      applicationName: 'test',
      maxConnections: 4,
      role: ROLES.granter,
    });
  });
  afterAll(async () => {
    await granters.end();
    await ledger.close();
  });

  async function count(what: string): Promise<number> {
    const { rows } = await ledger.pool.query<{ count: bigint }>(
      `SELECT count(*) FROM ${what}`,
    );
    return Number(rows[0]!.count);
  }

  const grants = () => count(`entry WHERE kind IN ('grant', 'clawback')`);

  it('takes what is older than it is to be kept, and nothing that comes late or once more counts again', async () => {
    const clock = new SetClock(timeMs('2023-02-01T18:00:00'));
    const log = new ActivityLog(SHARD);
    const granter = new GranterByHand(granters, SHARD, SHIPPED, clock);
    const old = [
      started('s1', OLD),
      gained(500, OLD),
      ...orders('old'),
      endedAfter('s1', OLD, 4),
    ];
    await granter.take(log.add(old));
    const granted = await grants();
    expect(granted).toBeGreaterThan(5);
    // As it is written for a row over a session, with when it last moved.
    await ledger.pool.query(
      `UPDATE progress SET progress = (progress::jsonb || $1)::json WHERE period = 'session:s1'`,
      [{ last: timeMs(OLD) }],
    );

    const programs = fixedPrograms(SHIPPED);
    // The windows of 2026 are over by then.
    clock.atMs = timeMs('2028-06-01T00:00:00');
    await new Forgetting(granters, programs, clock, 400).forget();
    expect(await count('activity')).toBe(0);
    expect(
      await count(`progress WHERE split_part(period, ':', 1) <> 'lifetime'`),
    ).toBe(0);
    expect(await count(`progress WHERE period = 'lifetime'`)).toBe(2);

    await granter.take(
      log.add([
        ...old,
        ...orders('late'),
        refunded('old-0', '2026-01-01T00:00:00', 50_000),
        refunded('late-0', '2026-01-01T00:00:00', 50_000),
        flagged('session', 's1', '2026-01-02T00:00:00'),
        flagged('merchant', 'm1', '2026-01-03T00:00:00'),
      ]),
    );
    expect(await grants()).toBe(granted);
  });
});
