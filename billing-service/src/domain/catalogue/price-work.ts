/** What work costs by its price version, and what that is made of. Whole numbers all the way, rounded up once. */
import { accept, type Result, refuse } from '../refusal.js';
import { MAX_TOKENS, type PriceVersion, type Rate } from './catalogue.js';

/** How much there was of each unit; no unit counts what another one counts too. */
export type Units = Readonly<Record<string, number>>;

export interface Work {
  /** How many times the operation's price. */
  quantity: number;
  units: Units | null;
  model: string | null;
}

/** `quantity` of a unit at the rate that was found for it; `model` is the rate's. */
export interface ReceiptLine extends Rate {
  quantity: number;
}

/** total = price × quantity + the sum of the lines, rounded up once. */
export interface Receipt {
  priceVersion: number;
  price: number;
  quantity: number;
  lines: ReceiptLine[];
  total: number;
  /** The units are the hold's, because the commit brought none. */
  estimated: boolean;
}

/** Refusals: invalid, where a unit has no rate, or all of it comes to more than there may be. */
export function priceWork(version: PriceVersion, { quantity, units, model }: Work): Result<Receipt> {
  const lines: ReceiptLine[] = [];
  for (const [unit, count] of Object.entries(units ?? {})) {
    const rate = rateFor(version, unit, model);
    if (!rate) {
      const message = `has no rate${model === null ? '' : ` for ${model}`}: the operation’s rates are for ${namesOf(version)}`;
      return refuse({ kind: 'invalid', errors: [{ field: `units.${unit}`, message }] });
    }
    lines.push({ unit, model: rate.model, quantity: count, price: rate.price, per: rate.per });
  }
  const { price } = version;
  const total = BigInt(price) * BigInt(quantity) + sumOf(lines);
  if (total > MAX_TOKENS) {
    const message = `at price ${price} this comes to ${total} tokens, more than ${MAX_TOKENS}`;
    const field = lines.length > 0 ? 'units' : 'quantity';
    return refuse({ kind: 'invalid', errors: [{ field, message }] });
  }
  return accept({
    ...{ priceVersion: version.version, price, quantity, lines },
    ...{ total: Number(total), estimated: false },
  });
}

/** The model's own rate, else the general one, else nothing, or one that costs nothing. */
function rateFor({ rates, unpriced }: PriceVersion, unit: string, model: string | null): Rate | undefined {
  const own = model === null ? undefined : rates.find((rate) => rate.unit === unit && rate.model === model);
  const general = () => rates.find((rate) => rate.unit === unit && rate.model === null);
  return own ?? general() ?? (unpriced === 'free' ? { unit, model: null, price: 0, per: 1 } : undefined);
}

const namesOf = ({ rates }: PriceVersion): string =>
  [...new Set(rates.map(({ unit }) => unit))].join(', ') || 'no unit';

/** Over one denominator, so that nothing is rounded before all is added. */
function sumOf(lines: readonly ReceiptLine[]): bigint {
  let tokens = 0n;
  let parts = 1n;
  for (const { quantity, price, per } of lines) {
    tokens = tokens * BigInt(per) + BigInt(quantity) * BigInt(price) * parts;
    parts *= BigInt(per);
  }
  return (tokens + parts - 1n) / parts;
}
