import type { Test } from 'tap';
import { freshPglite } from '../support/databases.js';
import { type Farebox, openFarebox, SetClock, setTier } from '../support/farebox.js';
import { broken, readRows } from './account-rows.js';
import type { Call, Product } from './call.js';
import type { Answer } from './model-state.js';
import { type Ids, run } from './run-call.js';

export const START = Date.parse('2027-03-10T12:00:00Z');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Noon of a day, as START is. */
export const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`);
export const iso = (at: number): string => new Date(at).toISOString();
export const months = (tier: string, n: number) => ({ tier, months: n });

async function open(t: Test): Promise<{ farebox: Farebox; clock: SetClock }> {
  const clock = new SetClock(START);
  const farebox = await openFarebox(t, await freshPglite(t), clock);
  await setTier(farebox, { id: 'credit', overdraft: 50, position: 5, monthlyTokens: 40 });
  await setTier(farebox, { id: 'capped', maxOpenReservations: 2, position: 6 });
  await setTier(farebox, { id: 'plus', position: 1, monthlyTokens: 500 });
  await setTier(farebox, { id: 'patient', position: 7, monthlyTokens: 60, graceSeconds: 3 * 24 * 3600 });
  return { farebox, clock };
}

/** One user's calls in few words, with the clock at START. */
function account(farebox: Farebox, clock: SetClock, user: string) {
  clock.nowMs = START;
  const ids: Ids = new Map();
  const call = (it: Call): Promise<Answer> => run(farebox, ids, it);
  return {
    clock,
    call,
    ok: async (it: Call) => {
      const answer = await call(it);
      return (answer.ok ? answer.value : answer) as Record<string, unknown>;
    },
    give: (amount: number, hours?: number): Call => {
      const expiresAt = hours === undefined ? null : clock.nowMs + hours * HOUR_MS;
      return { kind: 'grant', user, amount, source: amount < 0 ? 'adjustment' : 'promo', expiresAt };
    },
    hold: (label: string, amount: number, hours = 1): Call => ({
      ...{ kind: 'reserve', user, label: user + label, operation: 'chatgpt_message', quantity: 1 },
      ...{ amount, ttlSeconds: hours * 3600 },
    }),
    commit: (label: string, amount?: number): Call => ({
      ...{ kind: 'commit', label: user + label },
      ...(amount === undefined ? {} : { amount }),
    }),
    refund: (label: string, amount?: number): Call => ({
      ...{ kind: 'refund', label: user + label },
      ...(amount === undefined ? {} : { amount }),
    }),
    pay: (paymentId: string, product: Product): Call => ({
      kind: 'payment',
      user,
      paymentId,
      product,
      amount: 1,
    }),
    refundPayment: (paymentId: string, tokens?: number): Call => ({
      ...{ kind: 'refundPayment', paymentId },
      ...(tokens === undefined ? {} : { tokens }),
    }),
    tier: (tier: string, months = 1): Call => ({ kind: 'tier', user, tier, months }),
    join: (subscribed = true): Call => ({ kind: 'channel', user, subscribed }),
    read: { kind: 'read', user } as Call,
  };
}

/** A rule's test has an account of its own in a shared database, and must leave it sound. */
export function rulesOf(t: Test) {
  const opened = open(t);
  let accounts = 0;
  return (name: string, body: (t: Test, account: Account) => Promise<void>): void => {
    t.test(name, async (t) => {
      const { farebox, clock } = await opened;
      const user = `rule:${++accounts}`;
      await body(t, account(farebox, clock, user));
      for (const row of await readRows(farebox.database, [user])) t.strictSame(broken(row), []);
      t.strictSame(farebox.batchFailures, [], 'no statement failed as a whole');
    });
  };
}

export type Account = ReturnType<typeof account>;
