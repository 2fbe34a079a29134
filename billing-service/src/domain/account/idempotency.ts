/** Exactly once for calls that carry an Idempotency-Key: its first 2xx is what every repeat gets. */

import type { CatalogueStore } from '../ports/catalogue-store.js';
import type { AccountTransaction, IdempotencyKey, Ledger, SlowCall, StoredAnswer } from '../ports/ledger.js';
import { type Refusal, refuse } from '../refusal.js';
import type { Account } from './account.js';
import { type Affordable, affordable, type Balance } from './balance.js';

/** The result of a call that changes tokens or users; `replayed` if an earlier call's answer was given again. */
export type Outcome<T> = { ok: true; value: T; replayed: boolean } | { ok: false; refusal: Refusal };

/** Whether what a call came to is a change of its own: a refusal and a repeated answer are none. */
export const tookEffect = (outcome: unknown): boolean =>
  typeof outcome !== 'object' ||
  outcome === null ||
  !('earlier' in outcome || ('ok' in outcome && !outcome.ok) || ('replayed' in outcome && outcome.replayed));

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value, replayed: false });
export const replay = <T>(value: T): Outcome<T> => ({ ok: true, value, replayed: true });

/** An answer's parts that are stored elsewhere, or as figures; any may be missing from an answer. */
interface Figures {
  balance?: Balance;
  affordable?: Affordable;
  /** Its reservation keeps what it is made of. */
  receipt?: unknown;
}

/** The text to store for an answer: all but the figures, which are columns. */
export function seedOf(value: object & Figures): string {
  const { balance: _, affordable: __, receipt: ___, ...seed } = value;
  return JSON.stringify(seed);
}

/** The stored answer again, value for value. */
export async function restore<T>(stored: NewAnswer, catalogue: CatalogueStore): Promise<T> {
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
 * An answer that was given before. It is completed only after the transaction, because its price list may have to be
 * read from the database. A call that keeps one connection while it waits for a second one can deadlock: if every call
 * in the pool does so, none ever gets its second.
 */
export interface Earlier {
  earlier: NewAnswer;
}

type NewAnswer = Omit<StoredAnswer, 'payloadHash'>;

/** The answer that a key already has, or a refusal where it stands for another payload; undefined where it is new. */
export async function earlierAnswer<T>(
  deps: Deps,
  userId: number,
  key: IdempotencyKey | undefined,
): Promise<Outcome<T> | undefined> {
  const stored = key && (await deps.ledger.answerOf(userId, key.keyHash));
  return stored ? given(deps, sameCall(stored, key)) : undefined;
}

const sameCall = (stored: StoredAnswer, key: IdempotencyKey) =>
  stored.payloadHash === key.payloadHash
    ? { earlier: stored }
    : refuse({ kind: 'idempotency_key_reused' as const });

/** The answer itself, also where it was given before. */
export async function given<T>(
  { catalogue }: Pick<Deps, 'catalogue'>,
  outcome: Outcome<T> | Earlier,
): Promise<Outcome<T>> {
  return 'earlier' in outcome ? replay(await restore<T>(outcome.earlier, catalogue)) : outcome;
}

/**
 * One slow call under a key: looks the key up under the account's lock, acts, and stores the answer in the same
 * transaction. An answer that was first given under another key, or without one, is stored too: from then on this key
 * stands for the payload. Refusals are not stored: after a top-up the same key may succeed.
 */
export async function withIdempotency<T extends object & Figures>(
  deps: Deps,
  call: SlowCall & { key: IdempotencyKey | undefined; status: number },
  act: (account: Account, tx: AccountTransaction) => Promise<Outcome<T> | Earlier> | Outcome<T>,
): Promise<Outcome<T>> {
  const { key, status } = call;
  return given(
    deps,
    await deps.ledger.withAccount(call, (account, tx) => keyed(tx, key, status, () => act(account, tx))),
  );
}

/** What is done under the account's lock: see withIdempotency. */
export async function keyed<T extends object & Figures>(
  tx: AccountTransaction,
  key: IdempotencyKey | undefined,
  status: number,
  act: () => Promise<Outcome<T> | Earlier> | Outcome<T>,
): Promise<Outcome<T> | Earlier> {
  const stored = key && (await tx.answerOf(key.keyHash));
  if (stored) return sameCall(stored, key);
  const acted = await act();
  if (key && 'earlier' in acted) await tx.saveAnswer(key, status, acted.earlier);
  if (key && 'ok' in acted && acted.ok) {
    await tx.saveAnswer(key, status, newAnswer(acted.value, tx.priceList.id));
  }
  return acted;
}

function newAnswer(value: object & Figures, priceList: number): NewAnswer {
  const { balance = null, affordable: counts } = value;
  return { answer: seedOf(value), balance, priceList: counts ? priceList : null };
}
