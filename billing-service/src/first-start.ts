/** What a first start makes: the admin key, and a demo user to try everything with. */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeApiKey } from './domain/keys/api-key.js';
import { grantTokens } from './domain/tokens/grant-tokens.js';
import type { Services } from './http/services.js';
import type { Database } from './stores/postgres/driver/database.js';

export type AdminKey =
  /** Made just now, and kept in `file`. */
  | { made: string; file: string }
  | { setting: 'ADMIN_API_KEY' }
  /** Made by an earlier start; `file` where it is kept here. */
  | { file: string | undefined };

const KEY_FILE = 'admin-key';
const OWNER_ONLY = 0o600;
export const DEMO_USER = 'demo:you';
const DEMO_TOKENS = 100;

/** Makes an admin key where the settings name none and no live one is in the database, once for all instances. */
export async function ensureAdminKey(
  { apiKeys, clock }: Pick<Services, 'apiKeys' | 'clock'>,
  settings: { adminApiKey: string | undefined; dataDir: string },
): Promise<AdminKey> {
  if (settings.adminApiKey !== undefined) return { setting: 'ADMIN_API_KEY' };
  const key = makeApiKey({ name: 'first admin key', scopes: ['admin'], expiresAt: null }, clock.now());
  const file = resolve(join(settings.dataDir, KEY_FILE));
  // Written before it is valid: a crash in between must not leave a key that nobody knows.
  const draft = `${file}.${process.pid}`;
  mkdirSync(settings.dataDir, { recursive: true });
  writeFileSync(draft, `${key.key}\n`, { mode: OWNER_ONLY });
  chmodSync(draft, OWNER_ONLY);
  if (!(await apiKeys.insertFirst(key, 'admin'))) {
    rmSync(draft, { force: true });
    return { file: existsSync(file) ? file : undefined };
  }
  renameSync(draft, file);
  return { made: key.key, file };
}

/** A fixed key: even if a first start is cut short many times, the demo user gets its tokens once. */
const DEMO_GRANT = {
  keyHash: '00000000-0000-4000-8000-000000000001',
  payloadHash: '00000000-0000-4000-8000-000000000001',
};

/** Gives `demo:you` tokens in an embedded database that nobody has used yet. */
export async function ensureDemoUser(services: Services, database: Database): Promise<void> {
  const others = await database.query(
    `select 1 from user_references where reference <> $1
     union all select 1 from settings where key = 'demo_user' limit 1`,
    [DEMO_USER],
  );
  if (others.length > 0) return;
  const grant = { user: DEMO_USER, amount: DEMO_TOKENS, source: 'promo' as const };
  await grantTokens(
    services,
    { ...grant, expiresAt: null, reason: 'to try Farebox with', metadata: null },
    DEMO_GRANT,
  );
  await database.query(
    `insert into settings (key, value) values ('demo_user', 'granted') on conflict do nothing`,
  );
}
