import type { Call, CallOf, Product } from './call.js';
import type { ModelReservation } from './model-state.js';
import type { Wish } from './wish.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a payment wishes to be for; `until` lies up to 5 days back and 54 ahead. */
export function productOf(wish: Wish & { do: 'payment' }, now: number): Product {
  const until = new Date(now + ((wish.pick % 60) - 5) * DAY_MS + wish.pick).toISOString();
  const products: Record<string, Product> = {
    months: { tier: wish.tier, months: 1 + (wish.pick % 3) },
    now: { tier: wish.tier, months: 1 + (wish.pick % 2), start: 'now' },
    until: { tier: wish.tier, until },
    pack: { pack: 'pack-500' },
    tokens: { tokens: 1 + (wish.pick % 90) },
  };
  return products[wish.kind] as Product;
}

/** Some ask for nothing: then all is the tier's again. */
export const overridesOf = (
  { pick, overdraft, most, ms }: Wish & { do: 'override' },
  now: number,
): Omit<CallOf<'override'>, 'kind' | 'user'> => ({
  overdraft: overdraft ? pick % 150 : null,
  maxOpenReservations: most ? 1 + (pick % 6) : null,
  expiresAt: ms && now + ms,
});

/** Undefined: the call leaves the amount out. */
export function settleAmount(
  r: ModelReservation,
  { size, pick }: Wish & { do: 'commit' | 'refund' },
): number | undefined {
  const part = (of: number) => (of === 0 ? 0 : pick % of);
  const sizes: Record<string, number | undefined> = {
    hold: r.amount,
    below: part(r.amount),
    zero: 0,
    above: r.amount + (pick % 60),
    far: r.amount + 10 * pick,
    same: r.status === 'committed' ? r.asked : undefined,
    part: 1 + part(r.charged),
    more: r.charged + 1,
  };
  return sizes[size];
}

/** What is counted: one unit, or both, in one order or the other. */
export function unitsOf(pick: number): Record<string, number> {
  const [first, second] = pick % 2 ? ['input_tokens', 'output_tokens'] : ['output_tokens', 'input_tokens'];
  const one = { [first as string]: pick * 7 };
  return pick % 3 ? { ...one, [second as string]: pick % 50 } : one;
}

export const modelOf = (pick: number): { model?: string } =>
  pick % 4 < 2 ? {} : { model: pick % 4 === 2 ? 'gpt-5' : 'claude' };

/** A commit that says no amount: by units, by quantity, by both, or as held. */
export const workDone = (pick: number): { quantity?: number; units?: Record<string, number> } => ({
  ...(pick % 3 === 0 ? { quantity: 1 + (pick % 4) } : {}),
  ...(pick % 2 === 0 ? { units: unitsOf(pick) } : {}),
});

/**
 * As one of several at once. A commit that reads its price first is overtaken by its neighbours, which the answers need
 * not show: so it says nothing that must be priced.
 */
export function atHand(call: Call): Call {
  if (call.kind !== 'commit') return call;
  const { units: _, quantity: __, ...rest } = call;
  return rest;
}
