/** The real ledger, and the tiers that the model knows, too. */
import type { Test } from 'tap';
import type { TestDatabase } from '../support/databases.js';
import { openFarebox, SetClock, setTier } from '../support/farebox.js';
import type { ModelTier } from './model-state.js';
import type { Table } from './play.js';

export const STARTS = [
  '2027-01-31T10:15:00Z',
  '2027-11-30T23:59:59.999Z',
  '2028-01-29T00:00:00Z',
  '2026-03-10T08:00:00Z',
].map((text) => Date.parse(text));

export const TIERS: ModelTier[] = [
  {
    id: 'gift',
    position: 0,
    graceSeconds: 0,
    monthlyTokens: 100,
    overdraft: 0,
    maxOpenReservations: null,
    requiresChannel: true,
  },
  {
    id: 'starter',
    position: 1,
    graceSeconds: 0,
    monthlyTokens: 150,
    overdraft: 40,
    maxOpenReservations: 3,
    requiresChannel: false,
  },
  {
    id: 'professional',
    position: 2,
    graceSeconds: 259_200,
    monthlyTokens: 300,
    overdraft: 0,
    maxOpenReservations: null,
    requiresChannel: false,
  },
  {
    id: 'business',
    position: 3,
    graceSeconds: 0,
    monthlyTokens: 500,
    overdraft: 120,
    maxOpenReservations: null,
    requiresChannel: false,
  },
];
/** The same with gift for everybody, and a paid tier for members of the channel. */
export const OPEN_TIERS = TIERS.map((tier) => ({
  ...tier,
  requiresChannel: tier.id === 'professional',
  overdraft: tier.overdraft + 15,
  position: Math.min(tier.position, 2),
}));

export async function openTable(
  t: Test,
  store: TestDatabase,
  tiers: ModelTier[],
  seen: Table['seen'],
  grantsRead?: number,
): Promise<Table> {
  const farebox = await openFarebox(t, store, new SetClock(STARTS[0] as number), undefined, grantsRead);
  for (const tier of tiers) await setTier(farebox, tier);
  return { farebox, tiers: new Map(tiers.map((tier) => [tier.id, tier])), seen };
}
