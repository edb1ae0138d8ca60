import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { generateKey } from '@app/transparency';
import { inject } from 'vitest';
import { commit } from '../../../libs/ledger/test/journal.js';
import { grantOf } from '../../../libs/ledger/test/entries.js';
import { rewardMerchants } from '../../../libs/ledger/test/rewarded-merchants.js';
import { tamper } from '../../../libs/ledger/test/tamper.js';
import { SealedLedger } from '../../../libs/sealing/test/sealing.js';
import { readSealKey, sealerConfiguration } from './sealer.configuration.js';
import { SealerModule } from './sealer.module.js';
import { SealerService } from './sealer.service.js';

const ORIGIN = 'traffic-reward-ledger';

describe('the sealer, as a service', () => {
  let ledger: SealedLedger;
  const apps: INestApplication[] = [];
  const key = generateKey(ORIGIN).signerKey;

  beforeEach(async () => {
    ledger = await SealedLedger.create(inject('postgresUrl'));
    await rewardMerchants(ledger.pool, 1, 2);
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await ledger.close();
  });

  it('seals what is committed while it runs, and says how far it is', async () => {
    const app = await createApp();
    expect(await readiness(app)).toMatchObject({
      status: 503,
      sealer: 'waiting for another sealer, or opening the log',
    });
    await app.get(SealerService).start();
    await expect.poll(() => metrics(app)).toMatchObject({ positions: 12 });
    expect(await readiness(app)).toMatchObject({ status: 200 });
    await commitSwitch();
    await expect
      .poll(() => metrics(app))
      .toMatchObject({ positions: 14, blocks: 2, unsealed_entries: 0 });
    expect((await metrics(app)).checkpoint_age_seconds).toBeLessThan(10);
  });

  it('waits while another seals, and takes over', async () => {
    const [first, second] = [await createApp(), await createApp()];
    await first.get(SealerService).start();
    const waiting = second.get(SealerService).start();
    await expect.poll(() => metrics(first)).toMatchObject({ positions: 12 });
    expect(await readiness(second)).toMatchObject({ status: 503 });
    expect(await metrics(second)).toEqual({});
    await first.get(SealerService).stop();
    await waiting;
    await commitSwitch();
    await expect.poll(() => metrics(second)).toMatchObject({ positions: 14 });
  });

  it('goes on after its connections were lost', async () => {
    const app = await createApp();
    await app.get(SealerService).start();
    await expect.poll(() => metrics(app)).toMatchObject({ positions: 12 });
    await ledger.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'sealer' AND datname = current_database()`,
    );
    await commitSwitch();
    await expect
      .poll(() => metrics(app), { timeout: 10_000 })
      .toMatchObject({ positions: 14 });
  });

  it('stands still where an entry was changed, and names it', async () => {
    const app = await createApp();
    await app.get(SealerService).start();
    await expect.poll(() => metrics(app)).toMatchObject({ positions: 12 });
    await tamper(
      ledger.pool,
      `UPDATE shard_head SET hash = sha256('x') WHERE journal = 'grants'`,
    );
    await expect
      .poll(() => readiness(app))
      .toEqual({
        status: 503,
        sealer: 'grants-1-3 was changed: it has another hash than was sealed',
      });
  });

  it('does not start on a ledger that is not the one it signed', async () => {
    const app = await createApp();
    await app.get(SealerService).start();
    await expect.poll(() => metrics(app)).toMatchObject({ positions: 12 });
    await app.get(SealerService).stop();
    const other = await SealedLedger.create(inject('postgresUrl'));
    try {
      const moved = await createApp(other.url);
      await expect(moved.get(SealerService).start()).rejects.toThrow(
        'the log has 12 positions, but the ledger is sealed up to 0',
      );
      await moved.close();
      apps.pop();
    } finally {
      await other.close();
    }
  });

  async function createApp(url = ledger.url): Promise<INestApplication> {
    const configuration = sealerConfiguration.parse({
      DATABASE_URL: url,
      SEAL_DIR: ledger.directory,
      SEAL_KEY: key,
    });
    const module = await Test.createTestingModule({
      imports: [
        SealerModule.forRoot(configuration, await readSealKey(configuration)),
      ],
    }).compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    await app.init();
    apps.push(app);
    return app;
  }

  /** An entry without postings. */
  async function commitSwitch(): Promise<void> {
    await commit(ledger.pool, { journal: 'promotions', shard: 2 }, [
      { ...grantOf(1n), kind: 'switch_on', postings: [] },
    ]);
  }
});

async function readiness(
  app: INestApplication,
): Promise<{ status: number; sealer: string | undefined }> {
  const { status, body } = await request(app.getHttpServer()).get(
    '/health/ready',
  );
  const { error } = body as { error?: { sealer?: { message?: string } } };
  return { status, sealer: error?.sealer?.message };
}

/** Those of the sealer, by their names without it. */
async function metrics(app: INestApplication): Promise<Record<string, number>> {
  const { text } = await request(app.getHttpServer()).get('/metrics');
  return Object.fromEntries(
    [...text.matchAll(/^sealer_(\w+) (\S+)$/gm)].map(([, name, value]) => [
      name!,
      Number(value),
    ]),
  );
}
