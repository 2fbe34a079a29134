/** Instances of the version before paid time go on beside this one: their statements, on the migrated tables. */
import t from 'tap';
import { UnavailableError } from '../../../../src/domain/ports/unavailable-error.js';
import { readBalance } from '../../../../src/domain/users/read-balance.js';
import type { Database } from '../../../../src/stores/postgres/driver/database.js';
import { asFailure } from '../../../../src/stores/postgres/driver/failure.js';
import { migrate } from '../../../../src/stores/postgres/driver/migrate.js';
import { openFarebox, SetClock } from '../../../support/farebox.js';
import { projectFile } from '../../../support/project-file.js';
import { asItWas, EMPTY, LEFT_AT } from './as-it-was.js';

const statement = (name: string) =>
  projectFile(`billing-service/test/stores/postgres/driver/version-before/${name}.sql`);
const NOW = new Date(LEFT_AT).toISOString();
const SOON = new Date(LEFT_AT + 60_000).toISOString();
const ID = '01935f00-0000-7000-8000-000000000001';
/** 'was:months' of the fixture, a gift user, and one on gift since the lapse. */
const [PAID, GIFT] = [3, 1];

const reserve = (database: Database) =>
  database.hot<{ status: number; available: number }>('before_reserve', statement('reserve'), [
    ...[NOW, `{${PAID}}`, `{${ID}}`, '{"was:months"}', '{"chatgpt_message"}', '{10}', `{"${NOW}"}`],
    ...[`{"${SOON}"}`, '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', 1],
  ]);
const commit = (database: Database) =>
  database.hot<{ status: number; available: number }>('before_transition', statement('transition'), [
    ...[NOW, '{1}', `{${PAID}}`, `{${ID}}`, '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', 1, '{NULL}'],
  ]);

/** Every column of a plan, as the version before wrote them where one changed. */
const PLAN = `update users set tier = $2, tenure = $3, anchor = $4, period = $5, period_granted = true, paid_until = $6,
  coverage = $7::jsonb, queued = '[]'::jsonb, channel_subscribed_at = null where id = $1`;
const COVERAGE =
  '[{"from":1801396800000,"until":1809086400000,"months":3,"provider":"card","paymentId":"months-1"}]';
const START = '2027-01-31T12:00:00Z';

for (const [kind, open] of Object.entries(EMPTY)) {
  t.test(
    `${kind}: holds, charges and reads go on; a plan is refused as unavailable, not written wrongly`,
    async (t) => {
      const database = await open(t);
      t.teardown(() => database.close());
      await asItWas(database);
      await migrate(database);
      const refused = async (what: string, work: Promise<unknown>) => {
        const error = await work.then(() => undefined, asFailure);
        t.ok(error instanceof UnavailableError, `${what}: 503, and not ${String(error)}`);
      };
      const query = (text: string, values: unknown[]) =>
        database.query<Record<string, unknown>>(text, values);

      t.match(await reserve(database), [{ status: 1, available: 1990 }]);
      t.match(await commit(database), [{ status: 1, available: 1990 }]);
      const [row] = await database.hot<Record<string, unknown>>('before_accounts', statement('accounts'), [
        NOW,
        `{${PAID}}`,
        100,
      ]);
      t.match(row, { tier: 'professional', total: 1990, due: false, period: 1 });
      t.same(row?.paid_until, new Date('2027-04-30T12:00:00Z'), 'as it was paid');
      t.same(row?.anchor, new Date(START));
      await query(
        "with u as (insert into users (tier, created_at) values ('gift', $1) returning id) insert into accounts (user_id) select id from u",
        [NOW],
      );

      await refused(
        'a next month',
        query(PLAN, [PAID, 'professional', 2, START, 2, '2027-04-30T12:00:00Z', COVERAGE]),
      );
      await refused('an upgrade', query(PLAN, [PAID, 'business', 3, NOW, 0, SOON, '[]']));
      await refused('a purchase on gift', query(PLAN, [GIFT, 'professional', 1, NOW, 0, SOON, '[]']));
      await refused(
        'a refund that leaves the time',
        query("update payments set refunded_at = $1, refund_answer = '{}' where payment_id = 'months-1'", [
          NOW,
        ]),
      );
      await refused(
        'a provider under its old spelling',
        query(
          `insert into payments (provider, payment_id, user_id, reference, product, currency, amount, answer, created_at)
         values ('telegram-stars', 'x', $1, 'was:months', '{"tokens":1}', 'XTR', 1, '{}', $2)`,
          [PAID, NOW],
        ),
      );
      await query(PLAN, [GIFT, 'gift', 0, START, 2, null, '[]']);
      t.match(await query('select period, tier from users where id = $1', [GIFT]), [
        { period: 2, tier: 'gift' },
      ]);

      await query('update accounts set next_due_at = null where user_id = $1', [PAID]);
      const [due] = await query('select next_due_at from accounts where user_id = $1', [PAID]);
      t.same(due?.next_due_at, new Date('2027-03-31T12:00:00Z'), 'a slow call overlooks no end of a piece');

      const store = { kind: 'pglite' as const, open: async () => database };
      const farebox = await openFarebox(t, store, new SetClock(LEFT_AT));
      const view = await readBalance(farebox, 'was:months');
      t.match(view, { ok: true, value: { tier: 'professional', total: 1990, spent: 10 } });
      t.equal(view.ok && view.value.paidUntil, Date.parse('2027-04-30T12:00:00Z'));
      t.same((await farebox.ledger.audit()).mismatches, []);
    },
  );
}
