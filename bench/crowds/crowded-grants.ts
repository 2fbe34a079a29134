import { applyPayment } from '../../billing-service/src/domain/payments/apply-payment.js';
import type { Bench } from './overdue-holds.js';
import { type Cost, watchTurns } from './watch-turns.js';

/** Live grants of 3 tokens, the first ones to end in a year. */
const GIVE = `with given as (
    insert into grants (user_id, id, source, amount, remaining, expires_at, ends_at, created_at)
    select $1, i, 'promo', 3, 3, at, at, $3
    from generate_series(1, $2::integer) i, lateral (select $3::timestamptz + interval '1 year' + i * interval '1 hour') as a(at)
  ), booked as (
    insert into entries (user_id, kind, amount, balance_after, created_at)
    select $1, 'grant', 3 * $2::integer, 3 * $2::integer, $3
  )
  update accounts set front_grant_id = 1, front_left = 3, rest = 3 * ($2::integer - 1),
    next_due_at = $3::timestamptz + interval '1 year' where user_id = $1`;

/** What one payment costs a user who has `count` live grants. */
export async function crowdedGrants(
  { database, services }: Bench,
  count: number,
  rounds: number,
): Promise<Cost[]> {
  const user = `bench:grants-${count}`;
  const { userId } = await services.users.ensure(user);
  await database.query(GIVE, [userId, count, new Date(services.clock.now())]);
  let number = 0;
  const pay = () => {
    const paymentId = `${count}-${++number}`;
    const product = { tokens: 50 };
    const content = {
      provider: 'bench',
      paymentId,
      user,
      product,
      currency: 'XTR',
      amount: 1,
      metadata: null,
    };
    return applyPayment(services, content, undefined);
  };
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await watchTurns(async () => {}, pay));
  return costs;
}
