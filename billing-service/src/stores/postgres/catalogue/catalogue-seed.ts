import type { Operation, Pack, Tier } from '../../../domain/catalogue/catalogue.js';
import type { Queryable } from '../driver/database.js';
import { operations, packs, priceLists, tiers } from '../schema/schema.js';

const perMinute = (limit: number) => [{ operation: '*', limit, windowSeconds: 60 }];
const prices = (rubKopecks: number, xtr: number) => [
  { currency: 'RUB', amount: rubKopecks },
  { currency: 'XTR', amount: xtr },
];
const tier = (id: string, name: string, position: number, rest: Partial<Tier>): Tier => ({
  id,
  name,
  monthlyTokens: 0,
  overdraft: 0,
  maxOpenReservations: null,
  requiresChannel: false,
  graceSeconds: 0,
  prices: [],
  policies: [],
  features: [],
  position,
  ...rest,
});

const TIERS: Tier[] = [
  tier('gift', 'Gift', 0, { monthlyTokens: 100, requiresChannel: true, policies: perMinute(10) }),
  tier('professional', 'Professional', 1, {
    monthlyTokens: 2_000,
    prices: prices(199_000, 1_000),
    policies: perMinute(50),
  }),
  tier('business', 'Business', 2, {
    monthlyTokens: 10_000,
    prices: prices(349_000, 1_750),
    policies: perMinute(100),
    features: ['Priority support'],
  }),
];
const byPiece = { rates: [], unpriced: 'refuse' as const };
const OPERATIONS: Operation[] = [
  { id: 'chatgpt_message', name: 'ChatGPT message', price: 5, ...byPiece },
  { id: 'image_generation', name: 'Image generation', price: 10, ...byPiece },
];
const PACKS: Pack[] = [
  { id: 'pack-500', name: '500 tokens', tokens: 500, prices: prices(59_000, 300) },
  { id: 'pack-2000', name: '2000 tokens', tokens: 2_000, prices: prices(199_000, 1_000) },
];

/** Fills an empty catalogue, once. From then on these are rows that admin changes; nothing is put back. */
export async function seedCatalogue(tx: Queryable): Promise<void> {
  const [any] = await tx.drizzle.select({ id: priceLists.id }).from(priceLists).limit(1);
  if (any) return;
  await tx.drizzle.insert(tiers).values(TIERS);
  await tx.drizzle.insert(operations).values(OPERATIONS);
  await tx.drizzle.insert(packs).values(PACKS);
  await tx.drizzle
    .insert(priceLists)
    .values({ prices: Object.fromEntries(OPERATIONS.map(({ id, price }) => [id, price])) });
}
