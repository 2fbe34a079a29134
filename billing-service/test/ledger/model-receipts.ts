/** What work costs by unit, once more: over the least common multiple of all that rates are per. */
import type { PriceVersion } from '../../src/domain/catalogue/catalogue.js';
import type { ModelReceipt, ModelReservation, World } from './model-state.js';

export type Units = Record<string, number>;
export type RateSet = Pick<PriceVersion, 'rates' | 'unpriced'>;

/** Between these the operations change while a run is played. */
export const RATE_SETS: readonly RateSet[] = [
  {
    rates: [
      { unit: 'input_tokens', model: null, price: 1, per: 1_000 },
      { unit: 'output_tokens', model: null, price: 3, per: 700 },
      { unit: 'output_tokens', model: 'gpt-5', price: 9, per: 1_000 },
    ],
    unpriced: 'free',
  },
  { rates: [{ unit: 'output_tokens', model: 'claude', price: 2, per: 333 }], unpriced: 'free' },
  {
    rates: [
      { unit: 'input_tokens', model: null, price: 5, per: 999 },
      { unit: 'output_tokens', model: null, price: 7, per: 1_000 },
    ],
    unpriced: 'refuse',
  },
];

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

interface Work {
  operation: string;
  set: number;
  quantity: number;
  units: Units | undefined;
  model: string | undefined;
}

export function receiptFor(
  world: World,
  { operation, set, quantity, units = {}, model }: Work,
): ModelReceipt {
  const { rates } = RATE_SETS[set] as RateSet;
  const lines = Object.entries(units).map(([unit, count]) => {
    const mine = rates.filter((r) => r.unit === unit && (r.model === null || r.model === model));
    const rate = mine.find((r) => r.model !== null) ?? mine[0] ?? { unit, model: null, price: 0, per: 1 };
    return { unit, model: rate.model, quantity: count, price: rate.price, per: rate.per };
  });
  const multiple = lines.reduce((all, { per }) => (all * per) / gcd(all, per), 1);
  const above = lines.reduce((sum, line) => sum + line.quantity * line.price * (multiple / line.per), 0);
  const price = world.prices[operation] as number;
  const total = price * quantity + Math.ceil(above / multiple);
  return { priceVersion: `set ${set}`, price, quantity, lines, total, estimated: false };
}

/** By an amount: as if that were the price. */
export const receiptOfAmount = (set: number, amount: number, estimated = false): ModelReceipt => ({
  ...{ priceVersion: `set ${set}`, price: amount, quantity: 1, lines: [], total: amount, estimated },
});

/** What a commit asks for: by what it says, and for the rest as the hold. */
export function commitReceipt(
  world: World,
  r: ModelReservation,
  call: { amount?: number; quantity?: number; units?: Units },
): ModelReceipt {
  const estimated = r.units !== undefined && call.units === undefined;
  if (call.amount !== undefined) return receiptOfAmount(r.set, call.amount, estimated);
  if (call.quantity === undefined && call.units === undefined) return { ...r.held, estimated };
  const { operation, set, model } = r;
  const quantity = call.quantity ?? r.quantity;
  const units = call.units ?? r.units;
  return { ...receiptFor(world, { operation, set, quantity, units, model }), estimated };
}
