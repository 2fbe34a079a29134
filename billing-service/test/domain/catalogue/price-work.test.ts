/** The charge against fractions: what a receipt's lines come to exactly, and what of it is charged. */
import fc from 'fast-check';
import t from 'tap';
import { MAX_TOKENS, type PriceVersion, type Rate } from '../../../src/domain/catalogue/catalogue.js';
import { priceWork, type Receipt } from '../../../src/domain/catalogue/price-work.js';
import { optional } from '../../support/test-environment.js';

const SEED = Number(optional('FC_SEED') ?? (Date.now() ^ (Math.random() * 2 ** 31)) | 0);

/** A fraction in lowest terms. */
type Fraction = readonly [above: bigint, below: bigint];
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));
const fraction = (above: bigint, below: bigint): Fraction => {
  const by = gcd(above, below) || 1n;
  return [above / by, below / by];
};
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => fraction(a * d + c * b, b * d);
const times = ([a, b]: Fraction, n: number): Fraction => fraction(a * BigInt(n), b);
const isBelow = ([a, b]: Fraction, n: bigint): boolean => a < n * b;

const UNITS = ['input_tokens', 'cached_input_tokens', 'output_tokens', 'images', 'seconds'];
const MODELS = ['gpt-5', 'claude'];
const whole = (max: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 10 ** 6 }),
    fc.maxSafeInteger().map((n) => Math.abs(n) % (max + 1)),
  );
const rate: fc.Arbitrary<Rate> = fc.record({
  unit: fc.constantFrom(...UNITS),
  model: fc.constantFrom(null, ...MODELS),
  price: whole(MAX_TOKENS),
  per: fc.oneof(
    fc.constantFrom(1, 3, 7, 1_000, 1_000_000),
    whole(MAX_TOKENS).map((n) => Math.max(1, n)),
  ),
});
const version: fc.Arbitrary<PriceVersion> = fc.record({
  version: fc.integer({ min: 1, max: 9 }),
  price: whole(MAX_TOKENS),
  rates: fc.uniqueArray(rate, { maxLength: 12, selector: ({ unit, model }) => `${unit} ${model}` }),
  unpriced: fc.constantFrom('refuse', 'free'),
});
const work = fc.record({
  quantity: fc.integer({ min: 1, max: 10 ** 6 }),
  units: fc.option(fc.dictionary(fc.constantFrom(...UNITS), whole(MAX_TOKENS), { maxKeys: 5 })),
  model: fc.constantFrom(null, 'never priced', ...MODELS),
});

/** Price × quantity and all units at their rates; a string names the unit that has none. */
function exactly(
  { price, rates, unpriced }: PriceVersion,
  {
    quantity,
    units,
    model,
  }: { quantity: number; units: Record<string, number> | null; model: string | null },
): Fraction | string {
  let sum: Fraction = times([BigInt(price), 1n], quantity);
  for (const [unit, count] of Object.entries(units ?? {})) {
    const ofUnit = new Map(rates.filter((r) => r.unit === unit).map((r) => [r.model, r]));
    const found = ofUnit.get(model) ?? ofUnit.get(null);
    if (!found && unpriced === 'refuse') return `units.${unit}`;
    if (found) sum = plus(sum, times(fraction(BigInt(found.price), BigInt(found.per)), count));
  }
  return sum;
}

const linesOf = ({ lines }: Receipt): Fraction =>
  lines.reduce<Fraction>(
    (sum, { quantity, price, per }) => plus(sum, times(fraction(BigInt(price), BigInt(per)), quantity)),
    [0n, 1n],
  );

t.comment(`FC_SEED=${SEED} repeats this run`);
t.test('a charge is the exact sum, rounded up once; what has no rate is refused by name', (t) => {
  const seen = { charged: 0, unpriced: 0, tooMuch: 0, rounded: 0 };
  fc.assert(
    fc.property(version, work, (version, work) => {
      const exact = exactly(version, work);
      const priced = priceWork(version, work);
      if (typeof exact === 'string') {
        seen.unpriced += 1;
        return !priced.ok && priced.refusal.kind === 'invalid' && priced.refusal.errors[0]?.field === exact;
      }
      if (
        !isBelow(exact, BigInt(MAX_TOKENS) + 1n) ||
        (exact[1] > 1n && !isBelow(exact, BigInt(MAX_TOKENS)))
      ) {
        seen.tooMuch += 1;
        return !priced.ok && priced.refusal.kind === 'invalid';
      }
      if (!priced.ok) return false;
      const { total, price, quantity } = priced.value;
      seen.charged += 1;
      if (exact[1] > 1n) seen.rounded += 1;
      const written = plus([BigInt(price) * BigInt(quantity), 1n], linesOf(priced.value));
      return (
        written[0] === exact[0] &&
        written[1] === exact[1] && // the receipt says it all
        !isBelow([BigInt(total), 1n], 0n) &&
        !(exact[0] > BigInt(total) * exact[1]) && // never less than it costs
        exact[0] > (BigInt(total) - 1n) * exact[1] // nor a whole token more
      );
    }),
    { seed: SEED, numRuns: 20_000 },
  );
  t.ok(
    seen.charged > 1_000 && seen.unpriced > 1_000 && seen.tooMuch > 100 && seen.rounded > 500,
    JSON.stringify(seen),
  );
  t.end();
});

const PRICE: PriceVersion = {
  version: 4,
  price: 2,
  unpriced: 'refuse',
  rates: [
    { unit: 'input_tokens', model: null, price: 1, per: 1_000 },
    { unit: 'output_tokens', model: null, price: 4, per: 1_000 },
    { unit: 'output_tokens', model: 'gpt-5', price: 9, per: 1_000 },
  ],
};

t.test('a model’s own rate goes before the general one, unit by unit', (t) => {
  const units = { input_tokens: 100, output_tokens: 100 };
  t.strictSame(priceWork(PRICE, { quantity: 3, units, model: 'gpt-5' }), {
    ok: true,
    value: {
      ...{ priceVersion: 4, price: 2, quantity: 3, total: 7, estimated: false },
      lines: [
        { unit: 'input_tokens', model: null, quantity: 100, price: 1, per: 1_000 },
        { unit: 'output_tokens', model: 'gpt-5', quantity: 100, price: 9, per: 1_000 },
      ],
    },
  });
  t.match(priceWork(PRICE, { quantity: 3, units, model: 'claude' }), {
    value: { total: 7, lines: [{}, { model: null, price: 4 }] },
  });
  t.end();
});

t.test('where units without a rate are free, they are lines at price 0', (t) => {
  const free = { ...PRICE, unpriced: 'free' as const };
  t.match(priceWork(free, { quantity: 1, units: { seconds: 12 }, model: 'gpt-5' }), {
    value: { total: 2, lines: [{ unit: 'seconds', model: null, quantity: 12, price: 0, per: 1 }] },
  });
  t.match(priceWork(PRICE, { quantity: 1, units: { seconds: 12 }, model: 'gpt-5' }), {
    refusal: {
      errors: [{ field: 'units.seconds', message: /no rate for gpt-5.*input_tokens, output_tokens/ }],
    },
  });
  t.end();
});
