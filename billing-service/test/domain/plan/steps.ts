/** Random histories of one user's paid time. */
import fc from 'fast-check';
import { DAY, type ModelTier } from './model.js';

/** Two tiers of equal position, one above them, one with each length of grace. */
export const TIERS: Record<string, ModelTier> = {
  gift: { position: 0, graceSeconds: 0 },
  plus: { position: 1, graceSeconds: 0 },
  professional: { position: 1, graceSeconds: (3 * DAY) / 1000 },
  business: { position: 2, graceSeconds: (30 * DAY) / 1000 },
};
export const PAID = ['plus', 'professional', 'business'];

const CATALOGUE = new Map(
  Object.entries(TIERS).map(([id, tier]) => [id, { ...tier, requiresChannel: id === 'gift' }]),
);
export const tierOf = (id: string) => {
  const tier = CATALOGUE.get(id);
  if (!tier) throw new Error(`no tier ${id}`);
  return tier;
};

export type Step =
  | { do: 'wait'; ms: number }
  /** Until something happens by itself, to the millisecond, or one before it. */
  | { do: 'waitForIt'; early: boolean }
  | { do: 'months'; tier: string; months: number; now: boolean }
  /** A subscription's news: its `until` counted from the last one told (`next`), or from now. */
  | { do: 'until'; provider: string; tier: string; next: boolean; days: number; ms: number }
  | { do: 'refund'; which: number }
  | { do: 'hand'; tier: string; months: number };

const tier = fc.constantFrom(...PAID);
const months = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant(12));
const days = fc.oneof(
  { weight: 4, arbitrary: fc.constant(30) },
  fc.constantFrom(-40, -1, 1, 14, 15, 16, 45, 59, 60, 61, 90, 365),
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 40 * DAY }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('waitForIt'), early: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('months'),
      tier,
      months,
      now: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('until'),
      provider: fc.constantFrom('stars', 'card'),
      tier,
      next: fc.boolean(),
      days,
      // To the millisecond, or so that it moves the time of day at which all that waits begins.
      ms: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: DAY })),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund'), which: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('hand'), tier: fc.constantFrom('gift', ...PAID), months }),
  },
) as fc.Arbitrary<Step>;

/** Noon of every day of two years, 2028 being a leap year; the time of day differs from day to day. */
export const START_DAYS = Array.from(
  { length: 366 + 365 },
  (_, day) => Date.UTC(2027, 6, 1) + day * DAY + ((day * 7919) % 86_400) * 1000,
);
