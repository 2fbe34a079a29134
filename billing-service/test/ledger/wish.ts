/** What a run wishes to do; which call that is depends on what is there when its turn comes. */
import fc from 'fast-check';

const pick = fc.nat(999);
const user = fc.constantFrom(0, 0, 0, 1, 1, 2);
const keyed = fc.boolean();
const MINUTE = 60;
const HOUR = 3600;

/** Seconds a hold lives. */
const ttl = fc.constantFrom(1, MINUTE, 300, HOUR, 6 * HOUR, 24 * HOUR, 24 * HOUR);

export type TokenWish =
  | {
      do: 'reserve';
      user: number;
      size: 'price' | 'small' | 'all' | 'above' | 'zero';
      pick: number;
      ttl: number;
      keyed: boolean;
    }
  | {
      do: 'commit';
      pick: number;
      size: 'hold' | 'none' | 'below' | 'zero' | 'above' | 'far' | 'same';
      keyed: boolean;
    }
  | { do: 'refund'; pick: number; size: 'rest' | 'part' | 'more' | 'hold'; keyed: boolean }
  | { do: 'extend'; pick: number; ttl: number; keyed: boolean };

export type Wish =
  | TokenWish
  | {
      do: 'grant';
      user: number;
      source: 'topup' | 'promo' | 'adjustment';
      pick: number;
      days: number | null;
      keyed: boolean;
    }
  | { do: 'tier'; user: number; tier: string; months: number }
  | { do: 'override'; user: number; pick: number; overdraft: boolean; most: boolean; ms: number | null }
  | { do: 'channel'; user: number; subscribed: boolean }
  | {
      do: 'payment';
      user: number;
      kind: 'months' | 'now' | 'until' | 'pack' | 'tokens';
      tier: string;
      pick: number;
      keyed: boolean;
    }
  | { do: 'payment again'; pick: number; as: 'same' | 'other content' | 'other user' }
  | { do: 'refund payment'; pick: number; part: boolean; keyed: boolean }
  | { do: 'read'; user: number }
  | { do: 'quote'; user: number; pick: number }
  | { do: 'replay'; pick: number; changed: boolean }
  | { do: 'together'; wishes: TokenWish[] }
  | { do: 'wait'; by: 'due' | 'time'; offset: number; pick: number; ms: number };

const tokens: fc.Arbitrary<TokenWish> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      user,
      size: fc.constantFrom('price', 'small', 'small', 'small', 'all', 'above', 'zero' as const),
      pick,
      ttl,
      keyed,
    }) as fc.Arbitrary<TokenWish>,
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      pick,
      size: fc.constantFrom('hold', 'none', 'below', 'zero', 'above', 'above', 'far', 'same' as const),
      keyed,
    }) as fc.Arbitrary<TokenWish>,
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      pick,
      size: fc.constantFrom('rest', 'rest', 'part', 'part', 'more', 'hold' as const),
      keyed,
    }) as fc.Arbitrary<TokenWish>,
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('extend' as const), pick, ttl, keyed }) as fc.Arbitrary<TokenWish>,
  },
);

const tier = fc.constantFrom('starter', 'professional', 'business');
const DAY = 24 * HOUR * 1000;
const ms = fc.constantFrom(1, 1000, 60_000, HOUR * 1000, DAY, 5 * DAY, 29 * DAY, 31 * DAY, 75 * DAY);

const rare: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    do: fc.constant('grant' as const),
    user,
    source: fc.constantFrom('topup', 'promo', 'adjustment', 'adjustment' as const),
    pick,
    days: fc.constantFrom(null, null, 1 / 86_400, 1 / 24, 1, 3, 40),
    keyed,
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('tier' as const),
    user,
    tier: fc.oneof(tier, fc.constant('gift')),
    months: fc.constantFrom(1, 1, 2, 12),
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('override' as const),
    user,
    pick,
    overdraft: fc.boolean(),
    most: fc.boolean(),
    ms: fc.oneof(fc.constant(null), ms),
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('channel' as const),
    user,
    subscribed: fc.constantFrom(true, true, false),
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('payment' as const),
    user,
    kind: fc.constantFrom('months', 'months', 'now', 'until', 'until', 'pack', 'tokens' as const),
    tier,
    pick,
    keyed,
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('payment again' as const),
    pick,
    as: fc.constantFrom('same', 'other content', 'other user' as const),
  }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('refund payment' as const),
    pick,
    part: fc.boolean(),
    keyed,
  }) as fc.Arbitrary<Wish>,
  fc.record({ do: fc.constant('read' as const), user }) as fc.Arbitrary<Wish>,
  fc.record({ do: fc.constant('quote' as const), user, pick }) as fc.Arbitrary<Wish>,
  fc.record({
    do: fc.constant('replay' as const),
    pick,
    changed: fc.constantFrom(false, false, true),
  }) as fc.Arbitrary<Wish>,
);

const wait = fc.record({
  do: fc.constant('wait' as const),
  by: fc.constantFrom('due', 'due', 'time' as const),
  offset: fc.constantFrom(-1, 0, 0, 1),
  pick,
  ms,
}) as fc.Arbitrary<Wish>;

const together = fc.record({
  do: fc.constant('together' as const),
  wishes: fc.array(tokens, { minLength: 2, maxLength: 4 }),
}) as fc.Arbitrary<Wish>;

export const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 8, arbitrary: tokens as fc.Arbitrary<Wish> },
  { weight: 6, arbitrary: rare },
  { weight: 3, arbitrary: wait },
  { weight: 9, arbitrary: together },
);
