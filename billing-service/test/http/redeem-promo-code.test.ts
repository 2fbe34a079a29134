/** A promo code gives its tokens as often as it says, and not once more. */
import t, { type Test } from 'tap';
import { BOTH } from '../support/databases.js';
import { type PromoApp, promoApp } from '../support/promo-app.js';

t.setTimeout(240_000);

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const app = await promoApp(t, await fresh(t));
    const { call, clock, make, redeem, total, remove } = app;

    await t.test('once', (t) => once(t, app));
    await t.test('at once', (t) => atOnce(t, app));
    await t.test('ten wrong codes an hour', (t) => wrongCodes(t, app));

    t.test('another use needs a key of its own, and each key gets its own first answer', async (t) => {
      const [code = ''] = await make({ uses: 10, usesPerUser: 2 });
      const first = await redeem('web:twice', code, 'a');
      t.equal((await redeem('web:twice', code)).text, first.text, 'without a key: the first');
      const second = await redeem('web:twice', code, 'b');
      t.match(second.body, { granted: 50, balance: { total: 100 } });
      t.equal((await redeem('web:twice', code, 'a')).text, first.text);
      t.equal((await redeem('web:twice', code, 'b')).text, second.text);
      t.match(await redeem('web:twice', code, 'c'), { status: 409, body: { byUser: true } });
      t.match(await redeem('web:twice', 'other', 'a'), { status: 422 });
      t.equal(await total('web:twice'), 100);
    });

    t.test('its tokens end when they should, and pay debt first', async (t) => {
      const [code = ''] = await make({ grantSeconds: 60 });
      await redeem('web:brief', code);
      const [grant] = (await call('GET', '/users/web:brief/balance')).body.grants;
      t.match(grant, { source: 'promo', remaining: 50, expiresAt: /Z$/ });
      t.ok(Math.abs(Date.parse(grant.expiresAt) - clock.now() - 60_000) < 60_000);
      clock.offsetMs += 60_000;
      t.equal(await total('web:brief'), 0);
    });

    t.test('a code that expired gives nothing, also in the moment that it does', async (t) => {
      const [code = ''] = await make({ expiresAt: new Date(clock.now() + 60_000).toISOString() });
      clock.offsetMs += 60_000;
      t.match(await redeem('web:tardy', code), { status: 410, body: { code: 'code-expired' } });
      t.equal(await total('web:tardy'), 0);
    });

    t.test('a deleted code is unknown, and what it gave stays given', async (t) => {
      const [code = ''] = await make({ uses: 5 });
      const first = await redeem('web:early', code);
      t.equal((await remove(code.toLowerCase())).status, 204);
      t.match(await remove(code), { status: 404, body: { code: 'unknown-code' } });
      t.match(await redeem('web:after', code), { status: 404, body: { code: 'unknown-code' } });
      t.equal((await redeem('web:early', code)).text, first.text, 'an answer that was given stays');
      t.equal(await total('web:early'), 50);
    });

    t.test('the books are in order after all of this', async (t) => {
      t.match((await call('GET', '/audit')).body, { mismatches: [] });
    });
  });
}

async function once(t: Test, { call, make, redeem, total }: PromoApp): Promise<void> {
  t.test('it gives its tokens once, however it is typed; the same again is the first answer', async (t) => {
    const [code = ''] = await make({ prefix: 'hello' });
    const first = await redeem('web:once', ` ${code.replaceAll('-', '').toLowerCase()} `);
    t.match(first, { status: 201, body: { granted: 50, balance: { available: 50, total: 50 } } });
    const again = await redeem('web:once', code.replaceAll('-', ' - '));
    t.match(again, { status: 201, headers: { 'idempotency-replayed': 'true' } });
    t.equal(again.text, first.text);
    t.equal(await total('web:once'), 50);
    const [entry] = (await call('GET', '/users/web:once/entries')).body.items;
    t.match(entry, {
      kind: 'grant',
      source: 'promo',
      amount: 50,
      metadata: { reason: 'newsletter', code },
    });
  });
}

async function atOnce(t: Test, { make, redeem, total }: PromoApp): Promise<void> {
  t.test(
    'of 50 users at once one gets a code with one use, and the others are told that it is used',
    async (t) => {
      const users = Array.from({ length: 50 }, (_, i) => `web:race${i}`);
      // All are known before, so that nothing but the code's row keeps them apart.
      await Promise.all(users.map((user) => redeem(user, 'nobodys')));
      for (const code of await make({ count: 5 })) {
        const answers = await Promise.all(users.map((user) => redeem(user, code)));
        t.equal(answers.filter(({ status }) => status === 201).length, 1);
        for (const one of answers.filter(({ status }) => status !== 201))
          t.match(one, { status: 409, body: { code: 'code-used', byUser: false } });
      }
    },
  );

  t.test(
    'of 50 tries of one user at once all have the one answer, or under keys one is served',
    async (t) => {
      const [code = '', other = ''] = await make({ count: 2, uses: 50 });
      const range = Array.from({ length: 50 }, (_, i) => i);
      const bare = await Promise.all(range.map(() => redeem('web:same', code)));
      t.strictSame(new Set(bare.map(({ text }) => text)).size, 1);
      const keyed = await Promise.all(range.map((i) => redeem('web:same', other, `k${i}`)));
      t.equal(keyed.filter(({ status }) => status === 201).length, 1);
      t.match(keyed.find(({ status }) => status !== 201)?.body, { code: 'code-used', byUser: true });
      t.equal(await total('web:same'), 100);
    },
  );
}

async function wrongCodes(t: Test, { call, clock, make, redeem }: PromoApp): Promise<void> {
  const [code = '', mine = ''] = await make({ count: 2 });
  const first = await redeem('web:guess', mine);
  await redeem('web:guess', 'nobodys-0');
  clock.offsetMs += 1_800_000;
  const guesses = await Promise.all(Array.from({ length: 30 }, (_, i) => redeem('web:guess', `no-${i}`)));
  t.equal(guesses.filter(({ status }) => status === 404).length, 9, 'exactly ten within the hour');
  const refused = { status: 429, headers: { 'retry-after': '1800' }, body: { code: 'rate-limited' } };
  t.match(
    guesses.filter(({ status }) => status !== 404),
    guesses.slice(9).map(() => ({ ...refused, headers: { 'retry-after': /^1(800|79\d)$/ } })),
  );
  t.match(await redeem('web:guess', code), { status: 429 }, 'a right one is not looked at either');
  t.equal((await redeem('web:guess', mine)).text, first.text, 'what was answered before is no guess');
  t.match(await redeem('web:other', code), { status: 201 }, 'others go on');
  const check = { user: 'web:guess', operation: 'image_generation' };
  t.match((await call('POST', '/limits/check', { body: check })).body, { allowed: true, remaining: 9 });
  clock.offsetMs += 1_800_000;
  t.match(await redeem('web:guess', 'one-more'), { status: 404 }, 'the first of them is an hour ago');
  t.match(await redeem('web:guess', 'yet-one-more'), { status: 429 });
  const retry = () => redeem('web:again', 'wrong', 'a key');
  for (let i = 0; i < 12; i++)
    t.match(await retry(), { status: 404 }, 'a retry under its key is no new guess');
}
