/** What it costs to bring one account up to now: counted, not timed. */
import t from 'tap';
import type { Account, Grant, Hold } from '../../../src/domain/account/account.js';
import { bringUpToDate } from '../../../src/domain/account/bring-up-to-date.js';
import { accountOf, grantOf } from './account-of.js';

/** Looks at an end of a hold, and at what is left in a grant. */
interface Looks {
  count: number;
}

const watched = (looks: Looks, hold: Hold): Hold => ({
  ...hold,
  get expiresAt() {
    looks.count += 1;
    return hold.expiresAt;
  },
});

/** Holds of 1 token that end one after the other, in no order, with grants that end among them. */
function crowded(looks: Looks, holds: number, grants: Grant[] = []): Account {
  const ends = Array.from({ length: holds }, (_, i) => 1_000 + ((i * 7_919) % holds));
  return accountOf({
    holds: ends.map((expiresAt) => watched(looks, { amount: 1, expiresAt })),
    grants,
  });
}

t.test('ten times as many overdue holds are some ten times the work', async (t) => {
  const looksAt = (holds: number): number => {
    const looks = { count: 0 };
    const account = crowded(looks, holds);
    bringUpToDate(account, 1_000 + holds);
    t.equal(account.lapsed, holds);
    t.match(account, { reserved: 0, holds: [] });
    return looks.count;
  };
  const [few, many] = [looksAt(2_000), looksAt(20_000)];
  t.ok(many / few < 15, `${few} looks at 2,000 holds, ${many} at 20,000`);
});

t.test('with grants that end among them, and keep what is held, too', async (t) => {
  const looksAt = (holds: number): number => {
    const looks = { count: 0 };
    const grants = Array.from({ length: 20 }, (_, i) => grantOf(i + 1, 100, 1_000 + (i * holds) / 20));
    const account = crowded(looks, holds, grants);
    bringUpToDate(account, 1_000 + holds);
    t.match(account, { reserved: 0, holds: [] });
    t.ok(account.entries.every((entry) => entry.kind === 'expiry' && entry.amount < 0));
    t.equal(
      account.entries.reduce((sum, entry) => sum + entry.amount, 0),
      -20 * 100,
    );
    return looks.count;
  };
  const [few, many] = [looksAt(2_000), looksAt(20_000)];
  t.ok(many / few < 15, `${few} looks at 2,000 holds, ${many} at 20,000`);
});

t.test('200,000 open holds are no more than one can count', async (t) => {
  const account = crowded({ count: 0 }, 200_000, [grantOf(1, 500_000, 500)]);
  bringUpToDate(account, 600);
  t.match(
    account.grants[0],
    { remaining: 200_000, endsAt: 200_999 },
    'what they hold stays until the last ends',
  );
});
