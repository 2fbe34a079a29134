/** The same call, made of the real domain; its answer in the model's words. */
import { createHash } from 'node:crypto';
import type { Receipt } from '../../src/domain/catalogue/price-work.js';
import type { Deps } from '../../src/domain/deps.js';
import { applyPayment } from '../../src/domain/payments/apply-payment.js';
import { refundPayment } from '../../src/domain/payments/refund-payment.js';
import type { IdempotencyKey } from '../../src/domain/ports/ledger.js';
import type { Refusal } from '../../src/domain/refusal.js';
import { commitTokens } from '../../src/domain/tokens/commit-tokens.js';
import { extendReservation } from '../../src/domain/tokens/extend-reservation.js';
import { grantTokens } from '../../src/domain/tokens/grant-tokens.js';
import { quoteTokens } from '../../src/domain/tokens/quote-tokens.js';
import { refundTokens } from '../../src/domain/tokens/refund-tokens.js';
import { reserveTokens } from '../../src/domain/tokens/reserve-tokens.js';
import { changeTier } from '../../src/domain/users/change-tier.js';
import { overrideLimits } from '../../src/domain/users/override-limits.js';
import { readBalance } from '../../src/domain/users/read-balance.js';
import { subscribeChannel } from '../../src/domain/users/subscribe-channel.js';
import { type Call, type CallOf, payloadOf } from './call.js';
import type { Answer } from './model-state.js';

type Raw = { ok: true; value: object; replayed?: boolean } | { ok: false; refusal: Refusal };

/** Label → the id that reserve answered; versionName → what the model calls that version. */
export type Ids = Map<string, string>;

export async function run(deps: Deps, ids: Ids, call: Call): Promise<Answer> {
  const raw = await make(deps, ids, call);
  if (!raw.ok) return { ok: false, refusal: { ...raw.refusal } };
  const value: Record<string, unknown> = { ...raw.value };
  delete value.grantId;
  if ('receipt' in value) {
    const { operation = 'chatgpt_message', receipt } = value as { operation?: string; receipt: Receipt };
    value.receipt = named(ids, operation, receipt);
  }
  if ('label' in call) {
    if (call.kind === 'reserve' && !raw.replayed) ids.set(call.label, value.reservationId as string);
    value.reservationId = value.reservationId === ids.get(call.label) ? call.label : 'another one';
  }
  return { ok: true, value, replayed: raw.replayed ?? false };
}

export const versionName = (operation: string, version: number): string => `${operation} v${version}`;

/** With the model's name of the version: each run of a database goes on where the last one ended. */
export const named = (ids: Ids, operation: string, { priceVersion, ...receipt }: Receipt): object => ({
  priceVersion: ids.get(versionName(operation, priceVersion)) ?? priceVersion,
  ...receipt,
});

function make(deps: Deps, ids: Ids, call: Call): Promise<Raw> {
  const key = keyOf(call);
  const reservationId = 'label' in call ? (ids.get(call.label) ?? '') : '';
  const metadata = null;
  switch (call.kind) {
    case 'reserve':
      return reserveTokens(
        deps,
        { ...call, amount: call.amount, model: call.model ?? null, checkLimits: false, metadata },
        key,
      );
    case 'commit':
      return commitTokens(deps, { ...call, reservationId, metadata, model: null }, key);
    case 'refund':
      return refundTokens(deps, { reservationId, amount: call.amount, reason: undefined }, key);
    case 'extend':
      return extendReservation(deps, { reservationId, ttlSeconds: call.ttlSeconds }, key);
    case 'grant':
      return grantTokens(deps, { ...call, reason: 'model', metadata }, key);
    case 'tier':
      return changeTier(deps, call);
    case 'override':
      return runOverride(deps, call);
    case 'channel':
      return subscribeChannel(deps, call).then((value) => ({ ok: true, value }));
    case 'payment':
      return applyPayment(deps, { ...call, provider: 'model', currency: 'XTR', metadata }, key);
    case 'refundPayment':
      return refundPayment(deps, { ...call, provider: 'model' }, key);
    case 'read':
      return readBalance(deps, call.user);
    case 'quote':
      return quoteTokens(deps, { ...call, operation: 'chatgpt_message', quantity: 1 });
  }
}

async function runOverride(deps: Deps, { kind: _, user, ...limits }: CallOf<'override'>): Promise<Raw> {
  const isSet = limits.overdraft !== null || limits.maxOpenReservations !== null;
  const overrides = isSet ? { ...limits, policies: null, reason: 'model' } : null;
  const outcome = await overrideLimits(deps, { user, overrides, reason: 'model' });
  if (!outcome.ok) return outcome;
  const { overdraft, maxOpenReservations, expiresAt } = outcome.value.overrides ?? limits;
  return {
    ok: true,
    value: { overrides: outcome.value.overrides && { overdraft, maxOpenReservations, expiresAt } },
  };
}

const hash = (text: string): string => {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
};

export function keyOf(call: Call): IdempotencyKey | undefined {
  const key = 'key' in call ? call.key : undefined;
  return key === undefined ? undefined : { keyHash: hash(key), payloadHash: hash(payloadOf(call)) };
}
