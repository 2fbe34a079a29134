import type { Charge, World } from './world.js';

/** The Stars have come; the list says who paid for which invoice. */
export function charged(world: World, charge: Charge, date: number): void {
  world.charges.set(charge.chargeId, charge);
  const { currency, amount, payload, subscriptionSeconds } = charge.invoice;
  if (subscriptionSeconds !== undefined)
    world.subscriptions.set(`${charge.userId} ${payload}`, {
      userId: charge.userId,
      invoice: charge.invoice,
      isEndedByUser: false,
      isEndedByBot: false,
    });
  if (currency !== 'XTR') return;
  world.transactions.push({ id: charge.chargeId, amount, date, source: partnerOf(world, charge) });
}

/** The other end of a charge, as the list of transactions shows it. */
function partnerOf(world: World, { userId, invoice }: Charge): object {
  const { payload: invoice_payload, subscriptionSeconds: period } = invoice;
  return {
    type: 'user',
    transaction_type: 'invoice_payment',
    user: world.users.get(userId),
    invoice_payload,
    ...(period === undefined ? {} : { subscription_period: period }),
  };
}

/** The Stars have gone back; of that the list says who got them, under the payment's own id. */
export function refunded(world: World, charge: Charge): void {
  charge.refunded = true;
  world.transactions.push({
    id: charge.chargeId,
    amount: charge.invoice.amount,
    date: Math.floor(Date.now() / 1000),
    receiver: partnerOf(world, charge),
  });
}
