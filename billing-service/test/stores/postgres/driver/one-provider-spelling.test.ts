import { readFileSync } from 'node:fs';
import t from 'tap';
import { BOTH } from '../../../support/databases.js';
import { openFarebox, SetClock } from '../../../support/farebox.js';

const MIGRATION = readFileSync(
  new URL('../../../../../../drizzle/0003_one_provider_spelling.sql', import.meta.url),
  'utf8',
);

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(
    `${kind}: payments recorded with - are found with _, what is doubled stays for a person`,
    async (t) => {
      const { database } = await openFarebox(t, await fresh(t), new SetClock(Date.now()));
      // As it was before: then the rows of the version before can be made.
      await database.query('drop function refuse_spelling_of_version_before cascade');
      const now = "now(), '{}'";
      const bought = (payment: object | null) => ({ tier: 'professional', payment, waiting: 1 });
      const purchases = JSON.stringify([
        bought({ provider: 'telegram-stars', paymentId: 'a' }),
        bought(null),
        bought({ provider: 'my-shop', paymentId: 'twice' }),
      ]);
      await database.query(
        `insert into users (id, tier, purchases, created_at) values (7, 'gift', '${purchases}', now())`,
      );
      const payments = [
        ['telegram-stars', 'a'],
        ['telegram_stars', 'b'],
        ['my-shop', 'twice'],
        ['my_shop', 'twice'],
      ];
      for (const [provider, id] of payments) {
        await database.query(
          `insert into payments (provider, payment_id, user_id, reference, currency, amount, answer, created_at, product)
         values ('${provider}', '${id}', 7, 'web:a', 'XTR', 1, '{}', ${now})`,
        );
      }
      const grants = [
        [1, 'telegram-stars', 'a'],
        [2, 'my-shop', 'twice'],
      ];
      for (const [id, provider, payment] of grants) {
        await database.query(
          `insert into grants (user_id, id, source, amount, remaining, payment_provider, payment_id, created_at)
         values (7, ${id}, 'topup', 1, 1, '${provider}', '${payment}', now())`,
        );
      }
      await database.transaction(async (tx) => {
        for (const statement of MIGRATION.split('--> statement-breakpoint')) await tx.query(statement);
      });
      const column = async (sql: string) =>
        (await database.query<{ it: string | null }>(sql)).map(({ it }) => it);
      t.same(await column("select provider || ' ' || payment_id as it from payments order by 1"), [
        'my-shop twice',
        'my_shop twice',
        'telegram_stars a',
        'telegram_stars b',
      ]);
      t.same(await column('select payment_provider as it from grants order by id'), [
        'telegram_stars',
        'my-shop',
      ]);
      t.same(
        await column(
          "select item->'payment'->>'provider' as it from users, jsonb_array_elements(purchases) with ordinality as c(item, n) where id = 7 order by n",
        ),
        ['telegram_stars', null, 'my-shop'],
      );
    },
  );
}
