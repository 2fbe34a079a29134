/** Exactly once for calls that carry an Idempotency-Key: the first 2xx is what every repeat gets. */

import type { CatalogueStore } from '../stores/stores.js';
import { type Affordable, affordable, type Balance } from './balance.js';
import type { IdempotencyKey, Ledger, PurseTransaction, SlowCall, StoredAnswer } from './ledger.js';
import type { Purse } from './purse.js';
import { type Refusal, refuse } from './refusal.js';

/** What a call that changes tokens or users came to; `replayed` where an earlier call's answer was given again. */
export type Outcome<T> = { ok: true; value: T; replayed: boolean } | { ok: false; refusal: Refusal };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value, replayed: false });
export const replay = <T>(value: T): Outcome<T> => ({ ok: true, value, replayed: true });

/** An answer's parts that are stored as figures; either may be missing from an answer. */
interface Figures {
  balance?: Balance;
  affordable?: Affordable;
}

/** The text to store for an answer: all but the figures, which are columns. */
export function seedOf(value: object & Figures): string {
  const { balance: _, affordable: __, ...seed } = value;
  return JSON.stringify(seed);
}

/** The stored answer again, value for value. */
export async function restore<T>(stored: StoredAnswer, catalogue: CatalogueStore): Promise<T> {
  const value = JSON.parse(stored.answer) as Record<string, unknown>;
  if (stored.balance) value.balance = stored.balance;
  if (stored.balance && stored.priceList !== null) {
    const list = await catalogue.priceList(stored.priceList);
    value.affordable = affordable(stored.balance.available, list.prices);
  }
  return value as T;
}

interface Deps {
  ledger: Ledger;
  catalogue: CatalogueStore;
}

/**
 * An answer that needs another look at the database. It is made when the transaction is over: one that waits for a
 * second connection while it holds the first would wait for ever where all others do the same.
 */
export interface Later<T> {
  later(): Promise<Outcome<T>>;
}

/** The answer that a key already has, or a refusal where it stands for another payload; undefined where it is new. */
export async function answered<T>(
  deps: Deps,
  userId: number,
  key: IdempotencyKey | undefined,
): Promise<Outcome<T> | undefined> {
  const stored = key && (await deps.ledger.answerOf(userId, key.keyHash));
  return stored ? answerAgain(deps, stored, key) : undefined;
}

async function answerAgain<T>(deps: Deps, stored: StoredAnswer, key: IdempotencyKey): Promise<Outcome<T>> {
  if (stored.payloadHash !== key.payloadHash) return refuse({ kind: 'idempotency_key_reused' });
  return replay(await restore<T>(stored, deps.catalogue));
}

/**
 * One slow call under a key: looks the key up under the account's lock, acts, and stores the answer in the same
 * transaction. Refusals are not stored: after a top-up the same key may succeed.
 */
export async function once<T extends object & Figures>(
  deps: Deps,
  call: SlowCall & { key: IdempotencyKey | undefined; status: number },
  act: (purse: Purse, tx: PurseTransaction) => Promise<Outcome<T> | Later<T>> | Outcome<T>,
): Promise<Outcome<T>> {
  const { key } = call;
  const outcome = await deps.ledger.withPurse(call, async (purse, tx): Promise<Outcome<T> | Later<T>> => {
    const stored = key && (await tx.answerOf(key.keyHash));
    if (stored) return { later: () => answerAgain<T>(deps, stored, key) };
    const acted = await act(purse, tx);
    if (key && 'ok' in acted && acted.ok && !acted.replayed) {
      const { balance, affordable: counts } = acted.value;
      await tx.saveAnswer(key, call.status, {
        answer: seedOf(acted.value),
        balance: balance ?? null,
        priceList: counts ? tx.priceList.id : null,
      });
    }
    return acted;
  });
  return 'later' in outcome ? outcome.later() : outcome;
}
