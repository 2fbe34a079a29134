import t from 'tap';
import { type Account, addGrant } from '../../../src/domain/account/account.js';
import { assertAccount, assertReservation } from '../../../src/domain/account/assert-account.js';
import type { Reservation } from '../../../src/domain/account/reservation.js';

function account(change: Partial<Account> = {}): Account {
  const whole = {
    ...{
      reserved: 0,
      debt: 0,
      spent: 0,
      grants: [],
      unread: null,
      nextGrantId: 1,
      overrides: null,
      holds: [],
      lapsed: 0,
      turned: 0,
      entries: [],
    },
    plan: {},
    tierOf: () => {
      throw new Error('not asked');
    },
  } as unknown as Account;
  addGrant(whole, { source: 'promo', amount: 10, expiresAt: null, createdAt: 0 });
  return Object.assign(whole, change);
}

const reservation = (change: Partial<Reservation>): Reservation =>
  ({
    status: 'committed',
    amount: 5,
    asked: 5,
    charged: 5,
    refundedTotal: 0,
    grantId: 1,
    parts: null,
    ...change,
  }) as Reservation;

t.test('an account in debt has no tokens left', async (t) => {
  t.doesNotThrow(() => assertAccount(account(), 10));
  t.throws(() => assertAccount(account({ debt: 1 }), 9), { message: /^debt-has-no-tokens-left: / });
});

t.test('a reservation is charged at most what was asked, refunded at most what was charged', async (t) => {
  t.doesNotThrow(() => assertReservation(reservation({})));
  t.throws(() => assertReservation(reservation({ refundedTotal: 6 })), {
    message: /^refunded-within-charge: /,
  });
  t.throws(() => assertReservation(reservation({ status: 'refunded', charged: 0, refundedTotal: 6 })), {
    message: /^refunded-within-charge: /,
  });
  t.throws(() => assertReservation(reservation({ charged: 6 })), { message: /^charged-within-asked: / });
  t.throws(() => assertReservation(reservation({ grantId: null, parts: [[1, 3]] })), {
    message: /^parts-are-the-charge: /,
  });
});
