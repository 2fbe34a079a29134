/** Every call that writes: what it looks like, and what the audit log must then say of it. */
import type { Json } from '../support/test-app.js';
import { PEOPLE_WRITES } from './audited-people.js';
import { PROMO_USE, PROMO_WRITES } from './audited-promo.js';
import { WEBHOOK_WRITES } from './audited-webhooks.js';

export interface Write {
  path: string;
  body?: Json;
  headers?: Record<string, string>;
  /** Of the line; `before` and `after` are matched. */
  line: { user?: string | null; target?: string | null; reason?: string | null; before: Json; after: Json };
  /** The same call with this instead is refused. */
  refused?: { path?: string; body?: Json; headers?: Record<string, string> };
  /** Sent again it is a repeat, not a second write. */
  repeats?: true;
}

export const USER = 'web:audited';
const path = (rest: string) => `/users/${USER}${rest}`;
const tier = {
  ...{ id: 'team', name: 'Team', monthlyTokens: 5, overdraft: 0, maxOpenReservations: null },
  ...{ requiresChannel: false, graceSeconds: 0, prices: [], policies: [], features: [], position: 3 },
};
const operation = { id: 'translation', name: 'Translation', price: 3 };
const pack = { id: 'pack-9', name: '9 tokens', tokens: 9, prices: [] };
const otherwise = { headers: { 'if-match': '"another"' } };
const payment = { provider: 'test', paymentId: 'p1', user: USER, currency: 'XTR', amount: 10 };
const available = (tokens: number) => ({ balance: { available: tokens } });

/** In this order: each stands on those before. `:key`, `:hold` and `:other` stand for what earlier calls answered. */
export const ALWAYS: Record<string, Write> = {
  'PUT /tiers/:tier': {
    ...{ path: '/tiers/team', body: tier, refused: otherwise },
    line: { user: null, target: 'team', before: null, after: tier },
  },
  'PUT /operations/:operation': {
    ...{ path: '/operations/translation', body: operation, refused: otherwise },
    line: { user: null, target: 'translation', before: null, after: operation },
  },
  'PUT /packs/:pack': {
    ...{ path: '/packs/pack-9', body: pack, refused: otherwise },
    line: { user: null, target: 'pack-9', before: null, after: pack },
  },
  'POST /tokens/grant': {
    path: '/tokens/grant',
    body: { user: USER, amount: 100, source: 'promo', reason: 'the answer was cut off' },
    headers: { 'idempotency-key': 'audited' },
    refused: {
      body: { user: USER, amount: -1, source: 'adjustment', reason: 'too much' },
      headers: { 'idempotency-key': 'refused' },
    },
    repeats: true,
    line: {
      ...{ user: USER, target: null, reason: 'the answer was cut off' },
      before: { tier: 'gift', ...available(0) },
      after: { tier: 'gift', ...available(100) },
    },
  },
  'POST /payments/:provider/:paymentId/refund': {
    path: '/payments/test/p1/refund',
    refused: { path: '/payments/test/nobody/refund' },
    repeats: true,
    line: { user: USER, target: 'test/p1', before: available(150), after: available(100) },
  },
  'PUT /users/:user/tier': {
    ...{ path: path('/tier'), body: { tier: 'team' }, refused: { body: { tier: 'nothing' } } },
    line: {
      ...{ user: USER, target: null },
      before: { tier: 'gift', paidUntil: null, ...available(100) },
      after: { tier: 'team', paidUntil: /^\d{4}-/, ...available(105) },
    },
  },
  'PUT /users/:user/block': {
    ...{ path: '/users/web:taken/block', body: { blocked: true, reason: 'sent spam' } },
    refused: { body: { blocked: true } },
    line: {
      ...{ user: 'web:taken', target: null, reason: 'sent spam' },
      before: { blocked: null },
      after: { blocked: { reason: 'sent spam' } },
    },
  },
  'PUT /users/:user/overrides': {
    ...{ path: '/users/web:leaver/overrides', body: { overdraft: 50, reason: 'a partner' } },
    refused: { body: { overdraft: 50 } },
    line: {
      ...{ user: 'web:leaver', target: null, reason: 'a partner' },
      before: { overrides: null },
      after: { overrides: { policies: null, overdraft: 50, expiresAt: null, reason: 'a partner' } },
    },
  },
  'DELETE /users/:user/references/:reference': {
    ...{ path: path('/references/web:left'), refused: { path: path(`/references/${USER}-2`) } },
    line: {
      user: USER,
      target: null,
      before: { references: [USER, 'web:left'] },
      after: { references: [USER] },
    },
  },
  ...PEOPLE_WRITES,
  'POST /api-keys': {
    ...{ path: '/api-keys', body: { name: 'a bot', scopes: ['tokens'] } },
    refused: { body: { name: 'a bot', scopes: ['tokens'], expiresAt: '2001-01-01T00:00:00Z' } },
    line: {
      ...{ user: null, target: /^key_/ as unknown as string, before: null },
      after: { name: 'a bot', scopes: ['tokens'], prefix: /^fbx_/, expiresAt: null },
    },
  },
  'POST /api-keys/:id/rotate': {
    ...{ path: '/api-keys/:key/rotate', body: { graceSeconds: 60 } },
    refused: { path: '/api-keys/key_nobodys/rotate' },
    line: {
      ...{ user: null, target: /^key_/ as unknown as string, before: { name: 'a bot', expiresAt: null } },
      after: { name: 'a bot', expiresAt: /^\d/, successor: { name: 'a bot', expiresAt: null } },
    },
  },
  'DELETE /api-keys/:id': {
    ...{ path: '/api-keys/:key', refused: { path: '/api-keys/key_nobodys' } },
    line: { user: null, target: /^key_/ as unknown as string, before: { name: 'a bot' }, after: null },
  },
  ...PROMO_WRITES,
  ...WEBHOOK_WRITES,
  'POST /import/users': {
    ...{ path: '/import/users', body: '{"user":"web:moved"}\n{"user":"web:moved","tier":"none"}\n' },
    headers: { 'content-type': 'application/x-ndjson' },
    refused: { body: {}, headers: { 'content-type': 'application/json' } },
    line: {
      ...{ user: null, target: null, before: null },
      after: { imported: 1, unchanged: 0, refused: 1 },
    },
  },
  'POST /test-clock': {
    ...{ path: '/test-clock', body: { advanceSeconds: 60 }, refused: { body: { advanceSeconds: -1 } } },
    line: { user: null, target: null, before: { aheadSeconds: 0 }, after: { aheadSeconds: 60 } },
  },
};

/** A user's own use, unless the console or the command line makes the call. */
export const BY_HAND: Record<string, Write> = {
  'POST /payments': {
    ...{ path: '/payments', body: { ...payment, paymentId: 'p2', product: { tokens: 7 } } },
    ...{ refused: { body: { ...payment, paymentId: 'p2', product: { pack: 'none' } } }, repeats: true },
    line: { user: USER, target: 'test/p2', before: available(95), after: available(102) },
  },
  'POST /tokens/refund': {
    ...{ path: '/tokens/refund', body: { reservationId: ':hold', reason: 'no answer came' } },
    ...{ refused: { body: { reservationId: ':hold', amount: 1 } }, repeats: true },
    line: {
      ...{ user: USER, target: /^rsv_/ as unknown as string, reason: 'no answer came' },
      before: { balance: { available: 102, reserved: 10 } },
      after: { balance: { available: 107, reserved: 5 } },
    },
  },
  'POST /tokens/refund/batch': {
    ...{ path: '/tokens/refund/batch', body: { items: [{ reservationId: ':other', reason: 'nor here' }] } },
    ...{ refused: { body: { items: [] } }, repeats: true },
    line: {
      ...{ user: USER, target: /^rsv_/ as unknown as string, reason: 'nor here' },
      before: { balance: { available: 107, reserved: 5 } },
      after: { balance: { available: 112, reserved: 0 } },
    },
  },
  ...PROMO_USE,
  'PUT /users/:user/channel-subscription': {
    ...{ path: path('/channel-subscription'), body: { subscribed: true } },
    line: {
      user: USER,
      target: null,
      before: { channelSubscribedAt: null },
      after: { channelSubscribedAt: /^\d/ },
    },
  },
  'POST /users/:user/references': {
    ...{
      path: path('/references'),
      body: { reference: 'web:second' },
      refused: { body: { reference: 'web:taken' } },
    },
    line: {
      ...{ user: USER, target: null },
      before: { references: [USER] },
      after: { references: [USER, 'web:second'] },
    },
  },
};

/** A user's own use, whoever calls. */
export const OWN_USE = [
  'POST /limits/check',
  'POST /limits/check/batch',
  'POST /limits/undo',
  'POST /tokens/reserve',
  'POST /tokens/reserve/batch',
  'POST /tokens/commit',
  'POST /tokens/commit/batch',
  'POST /tokens/extend',
  'POST /tokens/quote',
  'PUT /users/:user',
];
