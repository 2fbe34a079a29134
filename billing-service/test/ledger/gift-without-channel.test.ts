import t from 'tap';
import { BOTH } from '../support/databases.js';
import { openFarebox, SetClock, setTier } from '../support/farebox.js';
import type { Call } from './call.js';
import { hold, kinds } from './pair.js';
import { type Ids, run } from './run-call.js';

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(`${kind}: once gift asks for no channel, those who never joined get their tokens too`, async (t) => {
    const farebox = await openFarebox(t, await fresh(t), new SetClock(Date.parse('2027-01-31T10:00:00Z')));
    const ids: Ids = new Map();
    const call = (it: Call) => run(farebox, ids, it);
    for (const user of ['gift:reads', 'gift:holds']) {
      t.strictSame(kinds([await call(hold(user, user, 5))]), ['insufficient_tokens']);
    }
    await setTier(farebox, { id: 'gift', requiresChannel: false });
    t.match(await call(hold('gift:holds', 'now', 5)), { ok: true, value: { balance: { total: 100 } } });
    t.match(await call({ kind: 'read', user: 'gift:reads' }), { ok: true, value: { total: 100 } });
    t.strictSame((await farebox.ledger.audit()).mismatches, []);
  });
}
