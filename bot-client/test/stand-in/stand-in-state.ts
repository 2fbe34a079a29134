/** The stand-in's memory: just enough of the ledger for the bot's tests; one grant pot a user, no periods. */
export interface Account {
  total: number;
  reserved: number;
  spent: number;
  tier: string;
  locale: string | null;
  joined: boolean;
  window: number[];
}
export interface Hold {
  user: string;
  operation: string;
  amount: number;
  status: 'open' | 'committed' | 'refunded';
  charged: number;
  refunded: number;
  asked?: number;
}

export const TIERS = [
  tier('gift', 'Gift', 100, 10, 0, [], true),
  tier('professional', 'Professional', 2000, 50, 1, [
    { currency: 'RUB', amount: 199000 },
    { currency: 'XTR', amount: 1000 },
  ]),
  tier('business', 'Business', 10000, 100, 2, [
    { currency: 'RUB', amount: 349000 },
    { currency: 'XTR', amount: 1750 },
  ]),
];
export const PACKS = [
  {
    id: 'pack-500',
    name: '500 tokens',
    tokens: 500,
    prices: [
      { currency: 'RUB', amount: 59000 },
      { currency: 'XTR', amount: 300 },
    ],
  },
];
export const PRICES: Record<string, number> = { chatgpt_message: 5, image_generation: 10 };

function tier(
  id: string,
  name: string,
  monthlyTokens: number,
  limit: number,
  position: number,
  prices: object[],
  requiresChannel = false,
) {
  return {
    id,
    name,
    monthlyTokens,
    overdraft: 0,
    maxOpenReservations: null,
    requiresChannel,
    prices,
    policies: [{ operation: '*', limit, windowSeconds: 60 }],
    features: id === 'business' ? ['Priority support'] : [],
    position,
  };
}

export class StandInState {
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  readonly payments = new Map<
    string,
    { body: Record<string, unknown>; granted: number; refunded: boolean }
  >();
  readonly answers = new Map<string, { payload: string; status: number; body: unknown }>();
  readonly entries: { user: string; kind: string; amount: number }[] = [];

  account(user: string): Account {
    const found = this.accounts.get(user);
    if (found !== undefined) return found;
    const fresh = { total: 0, reserved: 0, spent: 0, tier: 'gift', locale: null, joined: false, window: [] };
    this.accounts.set(user, fresh);
    return fresh;
  }

  credit(user: string, kind: string, amount: number): void {
    this.account(user).total += amount;
    this.entries.push({ user, kind, amount });
  }

  balance(user: string) {
    const { total, reserved } = this.account(user);
    return { available: total - reserved, reserved, total };
  }

  affordable(user: string): Record<string, number> {
    const { available } = this.balance(user);
    return Object.fromEntries(
      Object.entries(PRICES).map(([id, price]) => [id, Math.max(0, Math.floor(available / price))]),
    );
  }

  /** The net of all charges: what a test asks after a crash. */
  charged(user: string): number {
    return this.account(user).spent;
  }
}
