import { done, type Outcome, replay } from '../account/idempotency.js';
import type { Clock } from '../ports/clock.js';
import type { IdempotencyKey } from '../ports/ledger.js';
import type { PromoEditor, PromoStore } from '../ports/promo-store.js';
import { type Refusal, refuse } from '../refusal.js';
import { newCode, type PromoTerms, shownCode } from './promo-code.js';

interface Making {
  promoCodes: Pick<PromoStore, 'made'>;
  editor: PromoEditor;
  clock: Clock;
}

/**
 * Makes codes, as people are shown them. The key belongs to no user: it is kept with the codes. Refusals: invalid,
 * idempotency_key_reused.
 */
export async function createPromoCodes(
  making: Making,
  { count, ...terms }: PromoTerms & { count: number },
  key: IdempotencyKey | undefined,
): Promise<Outcome<string[]>> {
  const earlier = key && (await madeBefore(making, terms, key));
  if (earlier) return earlier;
  const refusal = refuseTerms(terms, making.clock.now());
  if (refusal) return refuse(refusal);
  const codes = Array.from({ length: count }, () => newCode(terms.prefix));
  if (await making.editor.create(terms, codes, key)) return done(shown(codes, terms));
  // The same call was a moment faster.
  const made = key && (await madeBefore(making, terms, key));
  if (!made) throw new Error('codes were not written');
  return made;
}

async function madeBefore(
  { promoCodes }: Making,
  terms: PromoTerms,
  key: IdempotencyKey,
): Promise<Outcome<string[]> | null> {
  const made = await promoCodes.made(key);
  if (!made) return null;
  if (made.payloadHash !== key.payloadHash) return refuse({ kind: 'idempotency_key_reused' });
  return replay(shown(made.codes, terms));
}

const shown = (codes: readonly string[], { prefix }: PromoTerms): string[] =>
  codes.map((code) => shownCode({ code, prefix }));

const refuseTerms = ({ expiresAt }: PromoTerms, now: number): Refusal | null =>
  expiresAt !== null && expiresAt <= now
    ? { kind: 'invalid', errors: [{ field: 'expiresAt', message: 'must be in the future' }] }
    : null;
