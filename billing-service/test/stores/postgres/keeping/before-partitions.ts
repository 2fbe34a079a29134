/** A database as it was before partitions, with users in every state. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { migrate } from '../../../../src/stores/postgres/driver/migrate.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { asDatabase } from '../../../../src/stores/postgres/driver/pglite.js';
import type { TestDatabase } from '../../../support/databases.js';
import { createEmptyDatabase } from '../../../support/postgres-template.js';
import type { TestApp } from '../../../support/test-app.js';
import type { Teardown } from '../../../support/test-environment.js';
import { ROOT } from '../../../tidy/source-file.js';

/** Those that make partitions of the ledger. */
const PARTITIONS = /_entries_(bound|bound_checked|partitioned)$/;

interface Journal {
  entries: { tag: string; when: number }[];
}

/** This version's migrations, in an order of one's own. */
function migrationsAs(t: Teardown, ordered: (entries: Journal['entries']) => Journal['entries']): string {
  const folder = mkdtempSync(join(tmpdir(), 'farebox-before-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, 'drizzle'), folder, { recursive: true });
  const file = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
  writeFileSync(file, JSON.stringify({ ...journal, entries: ordered(journal.entries) }));
  return folder;
}

const without = (entries: Journal['entries']) => entries.filter(({ tag }) => !PARTITIONS.test(tag));

/**
 * All but those: what serves here is this version's program, which needs the columns that came after them.
 */
const migrationsBefore = (t: Teardown): string => migrationsAs(t, without);

/** And then those, last. */
export const migrationsOfPartitions = (t: Teardown): string =>
  migrationsAs(t, (entries) => {
    const last = Math.max(...entries.map(({ when }) => when));
    const those = entries.filter(({ tag }) => PARTITIONS.test(tag));
    return [...without(entries), ...those.map((entry, i) => ({ ...entry, when: last + 1 + i }))];
  });

/** Not yet migrated any further. */
export const BEFORE = {
  postgres: async (t: Teardown): Promise<TestDatabase & { url: string }> => {
    const url = await createEmptyDatabase(t, 'direct');
    const database = openPostgres({ url });
    t.teardown(() => database.close());
    await migrate(database, { folder: migrationsBefore(t) });
    return { kind: 'postgres', url, open: async () => database };
  },
  pglite: async (t: Teardown): Promise<TestDatabase> => {
    const database = asDatabase(await PGlite.create());
    t.teardown(() => database.close());
    await migrate(database, { folder: migrationsBefore(t) });
    return { kind: 'pglite', open: async () => database };
  },
};

const OPERATION = 'chatgpt_message';
const DEBT_TIER = {
  ...{ name: 'Debt', monthlyTokens: 0, overdraft: 1_000, maxOpenReservations: null, requiresChannel: false },
  ...{ prices: [], policies: [], features: [], position: 9 },
};

/** One user in each state. @returns their references */
export async function everyState({ call }: Pick<TestApp, 'call'>): Promise<string[]> {
  const send = async (method: 'POST' | 'PUT', url: string, body: object) => {
    const key = `${method} ${url} ${JSON.stringify(body)}`.slice(0, 255);
    const answer = await call(method, url, { body, headers: { 'idempotency-key': key } });
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.text}`);
    return answer.body;
  };
  const post = (url: string, body: object) => send('POST', url, body);
  const grant = (user: string, amount = 100) =>
    post('/tokens/grant', { user, amount, source: 'promo', reason: 'a state' });
  const hold = async (user: string) =>
    (await post('/tokens/reserve', { user, operation: OPERATION, amount: 10 })).reservationId;
  await grant('web:granted');
  await grant('web:held');
  await hold('web:held');
  await grant('web:charged');
  await post('/tokens/commit', { reservationId: await hold('web:charged'), amount: 7 });
  await grant('web:returned');
  const reservationId = await hold('web:returned');
  await post('/tokens/commit', { reservationId });
  await post('/tokens/refund', { reservationId, amount: 4 });
  await send('PUT', '/tiers/debt', { id: 'debt', ...DEBT_TIER });
  await send('PUT', '/users/web:debt/tier', { tier: 'debt' });
  await grant('web:debt', 10);
  await post('/tokens/commit', { reservationId: await hold('web:debt'), amount: 50 });
  const payment = { provider: 'card', currency: 'RUB', amount: 199_000 };
  await post('/payments', {
    ...payment,
    ...{ paymentId: '1', user: 'web:paid', product: { tier: 'professional', months: 2 } },
  });
  await post('/payments', {
    ...{ ...payment, paymentId: '2', user: 'web:refunded', product: { pack: 'pack-500' } },
  });
  await post('/payments/card/2/refund', {});
  await send('PUT', '/users/web:joined/channel-subscription', { subscribed: true });
  await send('PUT', '/users/web:empty', { firstName: 'Nobody' });
  return ['granted', 'held', 'charged', 'returned', 'debt', 'paid', 'refunded', 'joined', 'empty'].map(
    (name) => `web:${name}`,
  );
}
