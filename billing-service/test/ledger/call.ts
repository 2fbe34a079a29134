/** One call of the domain, told apart by what it does. Times in ms since the epoch; `label` stands for a reservation's id. */
export type Product =
  | { tier: string; months: number; start?: 'now' }
  | { tier: string; until: string }
  | { pack: string }
  | { tokens: number };

interface Calls {
  reserve: {
    user: string;
    label: string;
    operation: string;
    quantity: number;
    amount?: number;
    units?: Record<string, number>;
    model?: string;
    ttlSeconds: number;
    key?: string;
  };
  commit: {
    label: string;
    amount?: number;
    quantity?: number;
    units?: Record<string, number>;
    key?: string;
  };
  refund: { label: string; amount?: number; key?: string };
  extend: { label: string; ttlSeconds: number; key?: string };
  grant: {
    user: string;
    amount: number;
    source: 'topup' | 'promo' | 'adjustment';
    expiresAt: number | null;
    key?: string;
  };
  tier: { user: string; tier: string; months: number };
  override: {
    user: string;
    overdraft: number | null;
    maxOpenReservations: number | null;
    expiresAt: number | null;
  };
  channel: { user: string; subscribed: boolean };
  payment: { user: string; paymentId: string; product: Product; amount: number; key?: string };
  refundPayment: { paymentId: string; tokens?: number; key?: string };
  read: { user: string };
  quote: { user: string; amount: number };
}

export type CallOf<K extends keyof Calls> = { kind: K } & Calls[K];
export type Call = { [K in keyof Calls]: CallOf<K> }[keyof Calls];

/** What a key stands for. */
export function payloadOf(call: Call): string {
  const { key: _, ...payload } = call as Call & { key?: string };
  return JSON.stringify(payload);
}
