/** Old answers go in pages, however many there are. */
import t, { type Test } from 'tap';
import { ForgetOld } from '../../src/jobs/forget-old.js';
import { freshPglite, freshPostgres, type TestDatabase } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';

const START = Date.parse('2027-03-01T10:00:00Z');
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** 12,000 answers that are 32 days old and 10 of 30 days; how many each statement deleted. */
async function withOldAnswers(t: Test, store: TestDatabase) {
  const clock = new SetClock(START);
  const { ledger, database } = await openFarebox(t, store, clock);
  const insert = (count: number, days: number) =>
    database.query(
      `insert into idempotency_keys (user_id, key_hash, payload_hash, status, answer, created_at)
       select i, gen_random_uuid(), gen_random_uuid(), 201, '{}', $2 from generate_series(1, $1::integer) i`,
      [count, new Date(START - days * DAY_MS)],
    );
  await insert(12_000, 32);
  await insert(10, 30);
  const deleted: number[] = [];
  const watch = { isAway: false, nowMs: 0, stepMs: 0 };
  const old = {
    clock,
    lifeMs: 31 * DAY_MS,
    forget: async (before: number, limit: number) => {
      if (watch.isAway) throw new Error('away');
      const count = await ledger.forgetAnswers(before, limit);
      watch.nowMs += watch.stepMs;
      deleted.push(count);
      return count;
    },
  };
  const job = () => new ForgetOld(old, () => watch.nowMs);
  return { clock, watch, deleted, job };
}

t.test('in pages of 5,000, until none is left; then not for an hour', async (t) => {
  const { clock, deleted, job } = await withOldAnswers(t, await freshPglite(t));
  const forget = job();
  t.equal(await forget.runOnce(), 12_000);
  t.strictSame(deleted, [5_000, 5_000, 2_000]);
  clock.nowMs += HOUR_MS - 1;
  t.equal(await forget.runOnce(), 0);
  t.equal(deleted.length, 3, 'not even asked for');
  clock.nowMs += 1;
  t.equal(await forget.runOnce(), 0);
  t.strictSame(deleted, [5_000, 5_000, 2_000, 0], 'those of 30 days stay');
});

t.test('a run ends after a second, and the next goes on at once', async (t) => {
  const { watch, deleted, job } = await withOldAnswers(t, await freshPglite(t));
  watch.stepMs = 1_000;
  const forget = job();
  t.strictSame(
    [await forget.runOnce(), await forget.runOnce(), await forget.runOnce()],
    [5_000, 5_000, 2_000],
  );
  t.equal(deleted.length, 3);
});

t.test('after a failure it is tried again in a minute, not in an hour', async (t) => {
  const { clock, watch, job } = await withOldAnswers(t, await freshPglite(t));
  const forget = job();
  watch.isAway = true;
  await t.rejects(forget.runOnce(), /away/);
  watch.isAway = false;
  clock.nowMs += 59_999;
  t.equal(await forget.runOnce(), 0);
  clock.nowMs += 1;
  t.equal(await forget.runOnce(), 12_000);
});

t.test('two instances share them', async (t) => {
  const { deleted, job } = await withOldAnswers(t, await freshPostgres(t));
  const [a, b] = await Promise.all([job().runOnce(), job().runOnce()]);
  t.equal(a + b, 12_000, `in pages of ${deleted}`);
});
