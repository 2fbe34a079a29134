/** Whoever is imported reads back as promised, goes on as promised, and is exported as the line that was imported. */
import fc from 'fast-check';
import t from 'tap';
import { BOTH } from '../support/databases.js';
import { importLines } from '../support/import-lines.js';
import { type Json, type TestApp, testApp } from '../support/test-app.js';
import { optional } from '../support/test-environment.js';

t.setTimeout(600_000);
const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MONTHLY: Record<string, number> = { gift: 100, professional: 2000, business: 10_000 };

/** Times as ms from now. */
const ago = fc.integer({ min: 0, max: 900 * DAY_MS }).map((ms) => -ms);
const name = fc.option(fc.stringMatching(/^[A-Za-zА-я='"\\, ]{1,12}$/), { nil: null });
const wish = fc.record({
  names: fc.integer({ min: 1, max: 3 }),
  tier: fc.constantFrom('gift', 'professional', 'business'),
  ends: fc.integer({ min: HOUR_MS, max: 31 * DAY_MS }),
  paidFor: fc.oneof(fc.constant(0), fc.integer({ min: DAY_MS, max: 800 * DAY_MS })),
  joined: fc.option(ago, { nil: null }),
  created: ago,
  balance: fc.integer({ min: -50, max: 30_000 }),
  spent: fc.integer({ min: 0, max: 1_000_000 }),
  ...{ username: name, firstName: name, locale: fc.constantFrom('en', 'ru', null) },
});
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

function lineOf(w: Wish, user: string, now: number): Json {
  const iso = (ms: number | null) => (ms === null ? null : new Date(now + ms).toISOString());
  const { tier, username, firstName, locale, balance: tokensBalance, spent: tokensSpent } = w;
  return {
    ...{ user, references: [user, ...['web', 'app'].slice(0, w.names - 1).map((p) => `${p}:${user}`)] },
    ...{ username, firstName, locale, createdAt: iso(w.created), tier, periodEnd: iso(w.ends) },
    paidUntil: tier === 'gift' ? null : iso(w.ends + w.paidFor),
    ...{ channelSubscribedAt: iso(w.joined), tokensBalance, tokensSpent },
  };
}

async function exported({ call }: TestApp): Promise<Json[]> {
  const { text } = await call('GET', '/export/users');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): Json => JSON.parse(line));
}

const balanceOf = async ({ call }: TestApp, user: string): Promise<Json> =>
  (await call('GET', `/users/${encodeURIComponent(user)}/balance`)).body;

/** More than one period later, of a user who has done nothing. */
function laterTotal(w: Wish, laterMs: number): { tier: string; total: number } {
  const monthly = MONTHLY[w.tier] as number;
  const lasting = w.balance - Math.min(w.balance, monthly);
  const tier = w.tier !== 'gift' && w.ends + w.paidFor > laterMs ? w.tier : 'gift';
  const given = tier !== 'gift' || w.joined !== null ? (MONTHLY[tier] as number) : 0;
  return { tier, total: lasting + given };
}

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: random users`, async (t) => {
    t.comment(`FC_SEED=${SEED} repeats this run`);
    const property = fc.asyncProperty(fc.array(wish, { minLength: 60, maxLength: 130 }), async (wishes) => {
      const app = await testApp(t, { store: await fresh(t) });
      const { call, clock } = app;
      const lines = wishes.map((w, i) => lineOf(w, `telegram:${i}`, clock.now()));
      const all = { imported: lines.length, unchanged: 0, refused: 0 };
      const usage = async () =>
        (await call('GET', '/usage?from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z')).body.items;
      const rehearsed = await importLines(app, lines, { query: '?dryRun' });
      t.strictSame([rehearsed.summary, rehearsed.problems], [{ ...all, dryRun: true }, []]);
      t.strictSame(await exported(app), [], 'a dry run writes nothing');
      t.strictSame((await importLines(app, lines)).summary, { ...all, dryRun: false });
      const byName = (a: Json, b: Json) => Number(a.user.slice(9)) - Number(b.user.slice(9));
      t.strictSame((await exported(app)).sort(byName), lines, 'exported as it was imported');
      for (const [i, w] of wishes.entries()) {
        const { grants, total, debt } = await balanceOf(app, `telegram:${i}`);
        const ofPeriod = Math.min(Math.max(0, w.balance), MONTHLY[w.tier] as number);
        const ending = grants.filter(({ expiresAt }: Json) => expiresAt !== null);
        t.strictSame(
          ending,
          ofPeriod > 0 ? [{ source: 'tier', remaining: ofPeriod, expiresAt: lines[i].periodEnd }] : [],
        );
        t.strictSame([total, debt], [w.balance, Math.max(0, -w.balance)]);
      }
      const again = await importLines(app, lines);
      t.strictSame(again.summary, { imported: 0, unchanged: lines.length, refused: 0, dryRun: false });
      t.strictSame(
        (await usage()).filter(({ granted, charged }: Json) => granted + charged > 0),
        [],
      );
      const laterMs = 33 * DAY_MS;
      clock.offsetMs += laterMs;
      for (const [i, w] of wishes.entries()) {
        if (w.balance < 0 || Math.abs(w.ends + w.paidFor - laterMs) < DAY_MS) continue;
        const { tier, total, spent } = await balanceOf(app, `telegram:${i}`);
        t.strictSame(
          { tier, total, spent },
          { ...laterTotal(w, laterMs), spent: w.spent },
          JSON.stringify(w),
        );
      }
      t.strictSame((await call('GET', '/audit')).body.mismatches, [], 'the audit finds nothing');
      t.equal(
        (await call('GET', '/audit-log?action=importUsers')).body.items.length,
        1,
        'one line an import',
      );
    });
    await fc.assert(property, { seed: SEED, numRuns: kind === 'pglite' ? 1 : 2, endOnFailure: true });
  });

  t.test(`${kind}: users of one Farebox move to another`, async (t) => {
    const source = await testApp(t, { store: await fresh(t) });
    const { call, clock } = source;
    const pay = (user: string, product: object, paymentId = user) =>
      call('POST', '/payments', {
        body: { provider: 'test', paymentId, user, product, currency: 'XTR', amount: 5 },
      });
    const spend = async (user: string, amount: number) => {
      const { body } = await call('POST', '/tokens/reserve', {
        body: { user, operation: 'chatgpt_message', amount },
      });
      await call('POST', '/tokens/commit', { body: { reservationId: body.reservationId } });
    };
    await pay('telegram:months', { tier: 'professional', months: 5 });
    await pay('telegram:until', {
      tier: 'business',
      until: new Date(clock.now() + 75 * DAY_MS).toISOString(),
    });
    await pay('telegram:pack', { tokens: 700 });
    for (const user of ['telegram:joined', 'telegram:left'])
      await call('PUT', `/users/${user}/channel-subscription`, { body: { subscribed: true } });
    await call('PUT', '/users/telegram:left/channel-subscription', { body: { subscribed: false } });
    await call('PUT', '/users/telegram:new', { body: { firstName: 'N' } });
    await call('POST', '/users/telegram:months/references', { body: { reference: 'web:months' } });
    for (const user of ['months', 'until', 'pack', 'joined']) await spend(`telegram:${user}`, 33);
    clock.offsetMs += 36 * DAY_MS;
    const users = (await exported(source)).map(({ user }) => user);
    for (const user of users) await balanceOf(source, user);
    const lines = await exported(source);
    const target = await testApp(t, { store: await fresh(t) });
    target.clock.offsetMs = clock.offsetMs;
    t.match((await importLines(target, lines)).summary, { imported: users.length, refused: 0 });
    t.strictSame(await exported(target), lines);
    for (const days of [0, 31, 31, 31, 31]) {
      for (const { clock } of [source, target]) clock.offsetMs += days * DAY_MS;
      for (const user of users) {
        const [from, to] = [await balanceOf(source, user), await balanceOf(target, user)];
        for (const member of ['tier', 'total', 'spent', 'debt', 'renewsAt', 'paidUntil'])
          t.equal(to[member], from[member], `${user}: ${member}`);
      }
    }
    t.strictSame((await target.call('GET', '/audit')).body.mismatches, []);
  });
}
