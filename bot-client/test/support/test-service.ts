import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import t from 'tap';
import { Ledger } from '../../demo/ledger.js';
import { type Running, startService } from '../../demo/processes.js';
import { BillingClient, type Entry } from '../../src/billing/index.js';

const BOT_SCOPES = ['tokens', 'users', 'grants', 'payments'];

/** The real service as a process of its own, for one test file; its clock can be moved. Ended with the file. */
export class TestService {
  readonly #running: Running;
  /** With the admin's key: for what a test arranges and looks up, never for what the bot does. */
  readonly billing: BillingClient;

  private constructor(
    running: Running,
    readonly url: string,
    readonly admin: Ledger,
    adminKey: string,
    /** All the bot needs: no more than the scopes its page names. */
    readonly botKey: string,
  ) {
    this.#running = running;
    this.billing = new BillingClient({ url, apiKey: adminKey, deadlineMs: 30_000 });
  }

  static async start(env: Record<string, string>): Promise<TestService> {
    const folder = mkdtempSync(join(process.env.TEST_RUN_FOLDER ?? tmpdir(), 'farebox-bot-'));
    const databaseUrl = await ownDatabase();
    const { url, adminKey, ...running } = await startService(folder, { ...databaseUrl, ...env });
    const admin = new Ledger(url, adminKey);
    const service = new TestService(running, url, admin, adminKey, await admin.newKey(BOT_SCOPES));
    t.teardown(async () => {
      await service.billing.close();
      await service.#running.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    return service;
  }

  async give(user: string, amount: number): Promise<void> {
    await this.billing.grant({ user, amount, source: 'promo', reason: 'test' });
  }
  /** Worth 50 tokens. */
  async newCode(wish: { uses?: number; usesPerUser?: number; expiresAt?: string } = {}): Promise<string> {
    const { items } = await this.billing.createPromoCodes({ count: 1, amount: 50, reason: 'test', ...wish });
    return items[0]?.code ?? '';
  }
  /** Empty for someone the service has not met. */
  async balance(user: string): Promise<{ available: number; reserved: number; total: number }> {
    const { available, reserved, total } = await this.billing.balance(user);
    return { available, reserved, total };
  }
  /** Newest first. */
  async entries(user: string, kind?: Entry['kind']): Promise<Entry[]> {
    const { items } = await this.billing.entries(user, 100);
    return kind === undefined ? items : items.filter((entry) => entry.kind === kind);
  }
}

/** A database in the tests' Postgres; none where a file is run by hand, and the service then brings its own. */
async function ownDatabase(): Promise<Record<string, string>> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) return {};
  const name = `farebox_bot_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name} template template0`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { DATABASE_URL: url.href };
}

let shared: Promise<TestService> | undefined;

/** The service of this test file, started when first asked for, with more settings if need be. */
export function testService(env: Record<string, string> = {}): Promise<TestService> {
  shared ??= TestService.start(env);
  return shared;
}
