/** What a known key does to the hot statements: they leave its call alone, and nobody else notices. */
import t, { type Test } from 'tap';
import { BOTH } from '../support/databases.js';
import { openFarebox, SetClock } from '../support/farebox.js';
import type { Call } from './call.js';
import { hold, kinds, topup } from './pair.js';
import { type Ids, run } from './run-call.js';

const START = Date.parse('2027-01-31T10:00:00Z');

t.setTimeout(120_000);
for (const [kind, fresh] of Object.entries(BOTH)) {
  t.test(kind, async (t) => {
    const clock = new SetClock(START);
    const farebox = await openFarebox(t, await fresh(t), clock);
    const ids: Ids = new Map();
    const call = (it: Call) => run(farebox, ids, it);
    const together = (...calls: Call[]) => Promise.all(calls.map(call));
    const noneFailed = (t: Test) => t.strictSame(farebox.batchFailures, [], 'no statement failed as a whole');
    for (const user of ['key:a', 'key:b']) await call(topup(user, 1000));
    await call(hold('key:a', 'a', 5, 'reserve key'));

    t.test('a reserve under a key of another payload is refused, its neighbours are served', async (t) => {
      const ahead = hold('key:b', 'ahead', 1);
      const answers = await together(ahead, hold('key:a', 'other', 6, 'reserve key'), hold('key:b', 'n', 5));
      t.strictSame(kinds(answers), ['ok', 'idempotency_key_reused', 'ok']);
      noneFailed(t);
    });

    t.test('so is a commit, whose reservation stays open', async (t) => {
      const commit = (label: string, key?: string): Call => ({
        ...{ kind: 'commit', label, amount: 4 },
        ...(key === undefined ? {} : { key }),
      });
      await together(hold('key:a', 'second', 5), hold('key:b', 'third', 5));
      await call(commit('a', 'commit key'));
      const answers = await together(commit('n'), commit('second', 'commit key'), commit('third'));
      t.strictSame(kinds(answers), ['ok', 'idempotency_key_reused', 'ok']);
      t.match(await call(commit('second')), { ok: true, replayed: false }, 'it had not been charged');
      noneFailed(t);
    });

    t.test('each call’s replay is its first answer, whatever happened since', async (t) => {
      await call(hold('key:a', 'x', 10));
      await call(hold('key:a', 'y', 10));
      const calls: Call[] = [
        { kind: 'extend', label: 'x', ttlSeconds: 900, key: 'extend key' },
        { kind: 'commit', label: 'x', amount: 3, key: 'x key' },
        { kind: 'refund', label: 'y', key: 'y key' },
        hold('key:a', 'z', 7, 'z key'),
      ];
      for (const it of calls) {
        const first = await call(it);
        clock.nowMs += 1000;
        await call(topup('key:a', 50));
        t.strictSame(await call(it), { ...first, replayed: true }, it.kind);
      }
      noneFailed(t);
    });
  });
}
