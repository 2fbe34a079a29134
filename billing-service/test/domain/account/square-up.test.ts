/** What every slow call does at its end, however many grants there are. */
import t from 'tap';
import type { Grant } from '../../../src/domain/account/account.js';
import { bringUpToDate } from '../../../src/domain/account/bring-up-to-date.js';
import { squareUp } from '../../../src/domain/account/square-up.js';
import { accountOf, grantOf } from './account-of.js';

/** A grant that counts how often somebody looks at what it has left. */
function counted(grant: Grant, looks: { count: number }): Grant {
  let { remaining } = grant;
  return Object.defineProperty(grant, 'remaining', {
    get: () => {
      looks.count += 1;
      return remaining;
    },
    set: (tokens: number) => {
      remaining = tokens;
    },
  });
}

const PAYMENT = { provider: 'shop', paymentId: 'refunded' };

function looksWith(grants: number): number {
  const looks = { count: 0 };
  const account = accountOf({
    holds: [],
    grants: Array.from({ length: grants }, (_, i) => counted(grantOf(i + 1, 10, null), looks)),
  });
  squareUp(account, 0);
  return looks.count / grants;
}

t.test('a thousand grants are looked at as often as ten are, each', async (t) => {
  const [few, many] = [looksWith(10), looksWith(1_000)];
  t.ok(many <= 2 * few + 2, `${few} looks a grant among 10, ${many} among 1,000`);
});

t.test('held tokens of several refunded payments go as their holds end, and not one more', async (t) => {
  const looks = { count: 0 };
  const holds = Array.from({ length: 500 }, (_, i) => ({ amount: 2, expiresAt: i + 1 }));
  const taken = Array.from({ length: 100 }, (_, i) =>
    counted({ ...grantOf(i + 1, 10, null), payment: PAYMENT, revoked: true }, looks),
  );
  const account = accountOf({ holds, grants: [...taken, grantOf(101, 7, null)] });
  const left = () => account.grants.map(({ remaining }) => remaining);
  const sum = () => left().reduce((all, one) => all + one, 0);
  // What nobody gave back bears the holds first: 7 of the 1,000 held.
  bringUpToDate(account, 0);
  t.equal(sum(), 1_000);
  bringUpToDate(account, 250);
  t.same([sum(), account.reserved], [500, 500]);
  looks.count = 0;
  bringUpToDate(account, 500);
  t.ok(looks.count < 250 * 100 * 30, `${looks.count} looks for 250 holds and 100 grants`);
  t.same([sum(), account.reserved, left().at(-1)], [7, 0, 7]);
});
