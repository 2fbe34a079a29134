/** What the console shows before a write: the write itself, made and undone. */
import t from 'tap';
import { patienceOf } from '../../src/domain/ports/patience.js';
import { grantTokens } from '../../src/domain/tokens/grant-tokens.js';
import { changeTier } from '../../src/domain/users/change-tier.js';
import { PostgresAuditLog } from '../../src/stores/postgres/audit-log/audit-log-reader.js';
import { BOTH } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';
import { TEST_AUTHOR } from '../support/test-author.js';

t.setTimeout(120_000);

const USER = 'telegram:1';
const key = (keyHash: string) => ({ keyHash, payloadHash: '00000000-0000-0000-0000-000000000000' });
const KEY = key('00000000-0000-0000-0000-000000000001');

for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`a rehearsal shows what would be and leaves nothing: ${kind}`, async (t) => {
    const deps = await openFarebox(t, await fresh(t), new SetClock(Date.UTC(2026, 10, 1)));
    const { userId } = await deps.users.ensure(USER);
    const grant = (amount: number, by = deps) =>
      grantTokens(
        by,
        {
          ...{ user: USER, amount, source: amount > 0 ? 'promo' : 'adjustment', reason: 'x' },
          ...{ expiresAt: null, metadata: null },
        },
        KEY,
      );
    const rehearse = async (act: (by: typeof deps) => Promise<unknown>) => {
      const rehearsal: { before?: object; after?: object } = {};
      const caller = { patience: patienceOf(5_000), author: TEST_AUTHOR, rehearsal };
      const outcome = await act({ ...deps, ledger: deps.ledger.askedBy(caller) });
      return { ...rehearsal, outcome };
    };
    const present = async () => ({
      account: await deps.ledger.accountOf(userId),
      answer: await deps.ledger.answerOf(userId, KEY.keyHash),
      lines: await new PostgresAuditLog(deps.database).list({ limit: 10 }),
      entries: await deps.database.query('select * from entries where user_id = $1', [userId]),
    });
    const before = await present();

    t.match(await rehearse((by) => grant(100, by)), {
      before: { balance: { available: 0 } },
      after: { balance: { available: 100 }, tier: 'gift' },
      outcome: { ok: true, replayed: false },
    });
    const professional = { user: USER, tier: 'professional', months: 2 };
    const tried = await rehearse((by) => changeTier(by, professional));
    t.match(tried, { before: { tier: 'gift' }, after: { tier: 'professional' }, outcome: { ok: true } });
    t.match(await rehearse((by) => grant(-1, by)), { outcome: { ok: false } }, 'a refusal is one');
    t.strictSame(await present(), before);

    t.match(await grant(100), { ok: true, replayed: false }, 'its key is free');
    const { after } = await rehearse((by) => changeTier(by, professional));
    await changeTier(
      { ...deps, ledger: deps.ledger.askedBy({ patience: patienceOf(5_000), author: TEST_AUTHOR }) },
      professional,
    );
    const [line] = (await present()).lines;
    t.strictSame(
      JSON.parse(JSON.stringify(line?.after)),
      JSON.parse(JSON.stringify(after)),
      'what was shown is what the audit log says',
    );
  });
}
