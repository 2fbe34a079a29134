/** Users who come from elsewhere are as they were promised: nothing lost, nothing given twice. */
import t, { type Test } from 'tap';
import { BOTH } from '../support/databases.js';
import { importLines } from '../support/import-lines.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';

t.setTimeout(240_000);
const DAY_MS = 86_400_000;

const balanceOf = async ({ call }: TestApp, user: string): Promise<Json> =>
  (await call('GET', `/users/${encodeURIComponent(user)}/balance`)).body;
const isWhole = async (t: Test, { call }: TestApp) =>
  t.strictSame((await call('GET', '/audit')).body.mismatches, [], 'the audit finds nothing');

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const app = await testApp(t, { store: await fresh(t) });
    const { call, clock } = app;
    const from = (days: number) => new Date(clock.now() + days * DAY_MS).toISOString();

    await t.test('a paid user: period, paid time, tokens and what was spent', async (t) => {
      const [periodEnd, paidUntil, createdAt] = [from(10), from(71), from(-400)];
      const line = {
        ...{ user: 'telegram:1', references: ['telegram:1', 'web:one'], username: 'one', firstName: 'Ada' },
        ...{ locale: 'ru', createdAt, tier: 'professional', periodEnd, paidUntil },
        ...{ channelSubscribedAt: createdAt, tokensBalance: 2300, tokensSpent: 15_000 },
      };
      const done = await importLines(app, [line]);
      t.strictSame(done, {
        ...{ status: 200, problems: [], text: done.text },
        summary: { imported: 1, unchanged: 0, refused: 0, dryRun: false },
      });
      t.match(await balanceOf(app, 'web:one'), {
        ...{ tier: 'professional', total: 2300, available: 2300, spent: 15_000, debt: 0 },
        ...{ renewsAt: periodEnd, paidUntil, upcoming: [] },
        grants: [
          { source: 'tier', remaining: 2000, expiresAt: periodEnd },
          { source: 'adjustment', remaining: 300, expiresAt: null },
        ],
      });
      t.match((await call('GET', '/users/telegram:1')).body, {
        ...{ references: ['telegram:1', 'web:one'], username: 'one', firstName: 'Ada', locale: 'ru' },
        ...{ createdAt, channelSubscribedAt: createdAt },
      });
      await isWhole(t, app);
    });

    await t.test('it goes on as it would have: the next piece begins when the period ends', async (t) => {
      clock.offsetMs += 10 * DAY_MS + 1000;
      t.match(await balanceOf(app, 'telegram:1'), {
        ...{ tier: 'professional', total: 2300, spent: 15_000 },
        grants: [
          { source: 'tier', remaining: 2000 },
          { source: 'adjustment', remaining: 300 },
        ],
      });
      clock.offsetMs += 62 * DAY_MS;
      t.match(await balanceOf(app, 'telegram:1'), { tier: 'gift', paidUntil: null });
      await isWhole(t, app);
    });

    await t.test('only the end of paid time is known: months lead to it', async (t) => {
      const paidUntil = from(40);
      await importLines(app, [{ user: 'telegram:2', tier: 'business', paidUntil, tokensBalance: 5 }]);
      const balance = await balanceOf(app, 'telegram:2');
      t.match(balance, { tier: 'business', paidUntil, total: 5 });
      t.ok(balance.renewsAt < paidUntil && balance.renewsAt > from(0), 'in the second last month');
    });

    await t.test('gift renews when it would have', async (t) => {
      const periodEnd = from(5);
      const joined = from(-100);
      await importLines(app, [
        { user: 'telegram:3', periodEnd, channelSubscribedAt: joined, tokensBalance: 40, tokensSpent: 60 },
      ]);
      t.match(await balanceOf(app, 'telegram:3'), {
        ...{ tier: 'gift', total: 40, spent: 60, renewsAt: periodEnd, paidUntil: null },
        grants: [{ source: 'tier', remaining: 40, expiresAt: periodEnd }],
      });
      clock.offsetMs += 5 * DAY_MS + 1000;
      t.match(await balanceOf(app, 'telegram:3'), { total: 100, spent: 60 });
      await isWhole(t, app);
    });

    await t.test('debt, and a line that says little', async (t) => {
      await importLines(app, [{ user: 'telegram:4', tokensBalance: -7 }, { user: 'telegram:5' }]);
      t.match(await balanceOf(app, 'telegram:4'), { total: -7, debt: 7, available: -7 });
      t.match(await balanceOf(app, 'telegram:5'), { tier: 'gift', total: 0, spent: 0, renewsAt: null });
      await isWhole(t, app);
    });

    await t.test('what is wrong is said line by line, and the good lines go in', async (t) => {
      const { problems, summary } = await importLines(app, [
        { user: 'telegram:10', tier: 'gold' },
        '{"user": "telegram:11"',
        { user: 'telegram:12' },
        { user: 'telegram:13', tier: 'business' },
        { user: 'telegram:14', tier: 'business', periodEnd: from(9), paidUntil: from(8) },
        { user: 'telegram:15', paidUntil: from(8) },
        { user: 'telegram:16', createdAt: from(1), channelSubscribedAt: from(2) },
        { user: 'telegram:17', tokens: 5, tokensSpent: -1, tokensBalance: 1.5 },
        { user: 'telegram:12', tokensBalance: 6 },
        { user: 'telegram:18', references: ['web:one'] },
        { user: 'telegram' },
        '',
        { user: 'telegram:19', createdAt: '2026-02-30T00:00:00Z' },
        '[]',
        { user: 'telegram:1', tokensBalance: 9 },
      ]);
      t.strictSame(summary, { imported: 1, unchanged: 1, refused: 12, dryRun: false });
      const said = problems.map(({ line, field, message }) => `${line} ${field ?? 'line'}: ${message}`);
      t.match(said, [
        '1 tier: there is no tier gold',
        '2 line: must be JSON',
        '4 paidUntil: is needed on a tier that is paid for: when does it end?',
        '5 paidUntil: must not lie before periodEnd',
        '6 paidUntil: must be left out on gift, which has no paid time',
        '7 createdAt: must not lie in the future',
        '7 channelSubscribedAt: must not lie in the future',
        '8 tokens: is not known here',
        '8 tokensBalance: must be a whole number from -1000000000000000 to 1000000000000000',
        '8 tokensSpent: must be a whole number from 0 to 1000000000000000',
        '9 user: telegram:12 is on line 3 already',
        '10 references: web:one is another user’s',
        '11 user: must be provider:id, such as telegram:123456',
        '13 createdAt: must be a date-time of the years 1970 to 9999',
        '14 line: must be a JSON object',
      ]);
      t.equal(said.length, 15);
      t.match(await balanceOf(app, 'telegram:12'), { total: 0 });
      t.match(await balanceOf(app, 'telegram:1'), { spent: 15_000 }, 'who is known does not change');
    });
  });
}
