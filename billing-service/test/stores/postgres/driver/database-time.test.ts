import t, { type Test } from 'tap';
import { OffsetClock } from '../../../../src/domain/ports/clock.js';
import { UnavailableError } from '../../../../src/domain/ports/unavailable-error.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { DatabaseTime } from '../../../../src/stores/postgres/driver/database-time.js';
import { openPostgres } from '../../../../src/stores/postgres/driver/node-postgres.js';
import { freshPostgres } from '../../../support/databases.js';
import { createTestDatabase } from '../../../support/postgres-template.js';

t.setTimeout(120_000);
const OFF_MS = 600_000;
/** No round trip takes longer, or it would be no sample at all. */
const ERROR_MS = 5_000;

async function following(t: Test, by: { ms: number }, change: { everyMs?: number } = {}) {
  const database = await (await freshPostgres(t)).open();
  const clock = new OffsetClock(() => Date.now() + by.ms);
  const warnings: string[] = [];
  const time = new DatabaseTime({ database, clock, warn: (message) => warnings.push(message), ...change });
  t.teardown(async () => time.close());
  return { database, clock, time, warnings };
}

t.test('a clock that is right is left as it is, round after round', async (t) => {
  const { clock, time, warnings } = await following(t, { ms: 0 });
  for (let i = 0; i < 5; i++) {
    t.equal(await time.measure(), true);
    t.equal(clock.correctionMs, 0);
  }
  t.same(warnings, []);
});

t.test('one that is ahead or behind follows the database, and it is said once', async (t) => {
  for (const ms of [OFF_MS, -OFF_MS]) {
    const { clock, time, warnings } = await following(t, { ms });
    await time.follow();
    t.ok(Math.abs(clock.correctionMs + ms) < ERROR_MS, `${clock.correctionMs} ms`);
    t.ok(Math.abs(clock.now() - Date.now()) < ERROR_MS);
    await time.measure();
    t.equal(warnings.length, 1);
    t.match(warnings[0], ms > 0 ? 'ahead of' : 'behind');
  }
});

t.test('a clock that goes wrong later is put right by a later round', async (t) => {
  const by = { ms: 0 };
  const { clock, time } = await following(t, by, { everyMs: 20 });
  await time.follow();
  by.ms = -OFF_MS;
  while (clock.correctionMs < OFF_MS - ERROR_MS) await new Promise((resolve) => setTimeout(resolve, 20));
  t.ok(Math.abs(clock.now() - Date.now()) < ERROR_MS);
});

t.test('the narrowest round trip decides, as far as it must', async (t) => {
  const { database } = await following(t, { ms: 0 });
  let ms = 0;
  const clock = new OffsetClock(() => ms);
  const slow = [400, 200, 10, 300, 200];
  const delayed: Pick<Database, 'probe'> = {
    probe: async (text) => {
      const rows = await database.probe<{ now: string }>(text);
      const there = 1_000_000 + ms;
      ms += slow.shift() ?? 0;
      return rows.map(() => ({ now: String(there) })) as never;
    },
  };
  await new DatabaseTime({ database: delayed, clock, warn: () => {} }).measure();
  t.equal(clock.correctionMs, 1_000_000 - 10 - 1, 'the near edge of the 10 ms that are in doubt');
});

t.test('without an answer the start fails, and a later round leaves the offset as it is', async (t) => {
  const url = await createTestDatabase(t, 'direct');
  const database = openPostgres({ url });
  const clock = new OffsetClock(() => Date.now() + OFF_MS);
  const time = new DatabaseTime({ database, clock, warn: () => {} });
  await time.measure();
  const before = clock.correctionMs;
  await database.close();
  t.equal(await time.measure(), false);
  t.equal(clock.correctionMs, before);
  await t.rejects(time.follow(), UnavailableError);
});
