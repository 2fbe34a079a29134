/** The same file twice at once, beside a bot that meets the same users: each is there once, and whole. */
import t from 'tap';
import { freshPostgres } from '../support/databases.js';
import { importLines } from '../support/import-lines.js';
import { type Json, testApp } from '../support/test-app.js';

t.setTimeout(300_000);
const USERS = 1_500;

t.test('two imports of one file, and users who come meanwhile', async (t) => {
  const store = await freshPostgres(t);
  const [one, other] = [await testApp(t, { store }), await testApp(t, { store })];
  const lines = Array.from({ length: USERS }, (_, i) => ({
    ...{ user: `telegram:${i}`, references: [`telegram:${i}`, `web:${USERS - i}`] },
    ...{ tier: i % 2 ? 'professional' : 'gift', tokensBalance: 10 + i, tokensSpent: i },
    ...(i % 2 ? { paidUntil: '2090-01-01T00:00:00Z' } : {}),
  }));
  const met = Array.from({ length: 40 }, (_, i) => USERS - 1 - i * 37);
  const meet = async () => {
    for (const i of met) {
      const { status, text } = await one.call('PUT', `/users/telegram:${i}`, { body: {} });
      t.ok(status < 300 || status === 503, text);
    }
  };
  // The other one goes through the file from its end: both want the same names in another order.
  const [a, b] = await Promise.all([
    importLines(one, lines),
    importLines(other, [...lines].reverse()),
    meet(),
  ]);
  t.strictSame(
    [...a.problems, ...b.problems].filter(({ message }) => !/another user/.test(message)),
    [],
  );
  const known = USERS - a.summary.imported - b.summary.imported;
  t.comment(`${a.summary.imported} and ${b.summary.imported} imported, ${known} met before`);
  t.ok(known <= met.length, 'nobody is lost');
  const users: Json[] = (await one.call('GET', '/export/users')).text
    .split('\n')
    .slice(0, -1)
    .map((line): Json => JSON.parse(line));
  t.equal(users.length, USERS, 'each is there once');
  let brought = 0;
  for (const { user, tokensBalance, tokensSpent, references, tier } of users) {
    const i = Number(user.split(':')[1]);
    if (references.length === 1) continue;
    brought += 1;
    t.strictSame(
      { tokensBalance, tokensSpent, references, tier },
      (({ paidUntil: _, user: __, ...line }: Json) => line)(lines[i]),
    );
  }
  t.equal(brought, USERS - known, 'with all that is theirs');
  t.strictSame((await one.call('GET', '/audit')).body.mismatches, []);
});
