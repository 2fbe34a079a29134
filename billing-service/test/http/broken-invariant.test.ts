/** A bug of ours that would break an account is a 500 and a metric, never a wrong balance. */
import t from 'tap';
import type { Account } from '../../src/domain/account/account.js';
import type { Ledger } from '../../src/domain/ports/ledger.js';
import { testApp } from '../support/test-app.js';
import { throughLedger } from '../support/through-ledger.js';

type Damage = [rule: string, harm: (account: Account) => void];

const DAMAGES: Damage[] = [
  [
    'entries-tell-every-change',
    ({ grants }) => Object.assign(grants[0] as object, { remaining: 7, amount: 7 }),
  ],
  ['reserved-is-open-holds', (account) => Object.assign(account, { reserved: account.reserved + 1 })],
  ['no-negative', (account) => Object.assign(account, { spent: -1 })],
  ['whole-tokens', (account) => Object.assign(account, { spent: 0.5 })],
  ['grant-within-its-amount', ({ grants }) => Object.assign(grants[0] as object, { ended: 1 })],
];

t.test('a change that breaks an account', async (t) => {
  const broken: string[] = [];
  const { call, services } = await testApp(t);
  services.telemetry.invariantBroken = (rule) => broken.push(rule);
  const user = 'web:broken';
  const grant = (key: string) =>
    call('POST', '/tokens/grant', {
      body: { user, amount: 10, source: 'promo', reason: 'test' },
      headers: { 'idempotency-key': key },
    });
  const balance = async () => (await call('GET', `/users/${user}/balance`)).body;
  await grant('start');
  const before = await balance();

  for (const [rule, harm] of DAMAGES) {
    t.test(`${rule}: nothing is saved, the caller gets a 500, the metric counts it`, async (t) => {
      const damaged = (own: Ledger): Partial<Ledger> => ({
        withAccount: (slow, act) =>
          own.withAccount(slow, async (account, tx) => {
            const value = await act(account, tx);
            harm(account);
            return value;
          }),
      });
      const answer = await throughLedger(services, damaged, () => grant(`key of ${rule}`));
      t.match(answer, { status: 500, body: { code: 'internal-error' } });
      t.notMatch(answer.text, rule, 'which rule it was is for the log');
      t.equal(broken.pop(), rule);
      t.same(await balance(), before, 'the account is as it was');
    });
  }
});
