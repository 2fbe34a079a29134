/** What must hold when many ask at the same moment, whatever stands between them and Postgres. */
import type { Test } from 'tap';
import type { Answer, Instances } from '../support/instances.js';

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const count = (answers: Answer[], status: number) => answers.filter((a) => a.status === status).length;

/** Tests for a database without users. */
export function reservingAtOnce(t: Test, { call, warnings }: Pick<Instances, 'call' | 'warnings'>): void {
  const grant = (user: string, amount: number) =>
    call(
      0,
      'POST',
      '/tokens/grant',
      { user, amount, source: 'promo', reason: 'test' },
      { 'idempotency-key': 'g' },
    );
  const reserve = (i: number, body: object, headers = {}) =>
    call(i, 'POST', '/tokens/reserve', { operation: 'chatgpt_message', ...body }, headers);
  const balance = async (user: string) => (await call(0, 'GET', `/users/${user}/balance`)).body;
  const noMismatch = async (t: Test) => {
    t.same((await call(0, 'GET', '/audit')).body.mismatches, []);
    t.same(warnings, [], 'and no batch failed');
  };

  t.test('20 holds of 75 on 500 grant exactly 6', async (t) => {
    await grant('web:a', 500);
    const answers = await Promise.all(range(20).map((i) => reserve(i, { user: 'web:a', amount: 75 })));
    t.equal(count(answers, 201), 6);
    t.equal(count(answers, 402), 14);
    const { available, reserved } = await balance('web:a');
    t.same({ available, reserved }, { available: 50, reserved: 450 });
    await noMismatch(t);
  });

  t.test('1,000 holds of 10 on 500 grant exactly 50', async (t) => {
    await grant('web:b', 500);
    const answers = await Promise.all(range(1000).map((i) => reserve(i, { user: 'web:b', amount: 10 })));
    t.equal(count(answers, 201), 50);
    t.equal(count(answers, 402), 950);
    const { available, reserved } = await balance('web:b');
    t.same({ available, reserved }, { available: 0, reserved: 500 });
    await noMismatch(t);
  });

  t.test('holds of different sizes: what is refused did not fit, and nothing is oversold', async (t) => {
    await grant('web:mixed', 500);
    const sizes = range(300).map((i) => 1 + (i % 37));
    const answers = await Promise.all(sizes.map((amount, i) => reserve(i, { user: 'web:mixed', amount })));
    const held = answers.reduce((sum, a, i) => sum + (a.status === 201 ? (sizes[i] as number) : 0), 0);
    const { available, reserved } = await balance('web:mixed');
    t.same({ available, reserved }, { available: 500 - held, reserved: held });
    answers.forEach((a, i) => {
      if (a.status === 402) t.ok((sizes[i] as number) > available, 'a refused one would not fit now either');
    });
    await noMismatch(t);
  });

  t.test('50 parallel calls with one key leave one reservation and one answer', async (t) => {
    await grant('web:c', 500);
    const key = { 'idempotency-key': 'the same' };
    const answers = await Promise.all(range(50).map((i) => reserve(i, { user: 'web:c' }, key)));
    t.equal(new Set(answers.map((a) => a.text)).size, 1);
    t.equal(count(answers, 201), 50);
    t.equal(answers.filter((a) => a.headers.get('idempotency-replayed') !== 'true').length, 1);
    t.equal((await call(0, 'GET', '/users/web:c/reservations')).body.items.length, 1);
    warnings.splice(0, warnings.length, ...warnings.filter((w) => !/idempotency_keys/.test(w)));
    await noMismatch(t);
  });

  t.test('50 first calls of an unknown user make one user', async (t) => {
    const answers = await Promise.all(range(50).map((i) => reserve(i, { user: 'web:new' })));
    t.equal(count(answers, 402), 50);
    t.same((await call(0, 'GET', '/users/web:new')).body.references, ['web:new']);
    await grant('web:new', 100);
    const held = await Promise.all(range(50).map((i) => reserve(i, { user: 'web:new' })));
    t.equal(count(held, 201), 20, 'whichever instance asks, it is one balance');
    await noMismatch(t);
  });

  t.test('2,000 checks at limit 50 admit 50', async (t) => {
    await call(0, 'PUT', '/users/web:limits/tier', { tier: 'professional' });
    const answers = await Promise.all(
      range(2000).map((i) =>
        call(i, 'POST', '/limits/check', { user: 'web:limits', operation: 'chatgpt_message' }),
      ),
    );
    t.equal(answers.filter((a) => a.body.allowed).length, 50);
    t.equal(count(answers, 200), 2000, 'a denial is a 200');
  });
}
