/** A walk of the route table: each of its calls at once. */
import { routes } from '../../src/http/routes.js';
import type { Services } from '../../src/http/services.js';
import type { TestApp } from './test-app.js';

export const OPERATION = 'image_generation';
const TIER = { name: 'T', monthlyTokens: 0, overdraft: 0, maxOpenReservations: null, requiresChannel: false };

/** A body for every call that takes one; `user` is new to the process, so that it must be looked up. */
function bodies(user: string, reservationId: string): Record<string, object | string> {
  const named = { user, operation: OPERATION };
  return {
    'POST /limits/check': named,
    'POST /limits/undo': { ...named, checkId: 'x' },
    'POST /tokens/reserve': { ...named, amount: 0, checkLimits: true },
    'POST /tokens/commit': { reservationId, amount: 3 },
    'POST /tokens/refund': { reservationId },
    'POST /limits/check/batch': { items: [{ ...named, idempotencyKey: 'b1' }] },
    'POST /tokens/reserve/batch': { items: [{ ...named, amount: 0, idempotencyKey: 'b2' }] },
    'POST /tokens/commit/batch': { items: [{ reservationId, amount: 3, idempotencyKey: 'b3' }] },
    'POST /tokens/refund/batch': { items: [{ reservationId, idempotencyKey: 'b4' }] },
    'POST /tokens/extend': { reservationId, ttlSeconds: 900 },
    'POST /tokens/quote': named,
    'POST /tokens/grant': { user, amount: 7, source: 'promo', reason: 'test' },
    'PUT /tiers/:tier': { ...TIER, prices: [], policies: [], features: [], position: 9 },
    'PUT /operations/:operation': { name: 'O', price: 1 },
    'PUT /packs/:pack': { name: 'P', tokens: 1, prices: [] },
    'PUT /users/:user': { username: 'x' },
    'POST /users/:user/references': { reference: `${user}-too` },
    'PUT /users/:user/block': { blocked: false },
    'PUT /users/:user/overrides': { maxOpenReservations: 9, reason: 'test' },
    'POST /users/:user/merge': { from: `${user}-gone`, reason: 'test' },
    'PUT /users/:user/tier': { tier: 'professional' },
    'PUT /users/:user/channel-subscription': { subscribed: true },
    'POST /payments': {
      ...{ provider: 'test', paymentId: user, user, product: { tokens: 5 }, currency: 'XTR', amount: 1 },
    },
    'POST /promo-codes': { count: 2, amount: 5, reason: 'test' },
    'POST /promo-codes/redeem': { user, code: 'nobodys' },
    'POST /api-keys': { name: 'x', scopes: ['limits'] },
    'POST /webhooks': { url: 'https://example.com/' },
    'PUT /webhooks/:id': { url: 'https://example.com/' },
    'POST /webhooks/:id/resend': { since: '2026-01-01T00:00:00Z' },
    'POST /import/users': `{"user":"${user}-moved"}\n`,
    'POST /test-clock': { advanceSeconds: 0 },
  };
}

type Answer = Awaited<ReturnType<TestApp['call']>> & { route: string };

/**
 * What one call waits for must not hold up another, so they go together. `reservationId` is what the calls name that need
 * one; `user` what the others name. The same walk again replays what it did.
 */
export function everyCall(
  { services, call }: { services: Services; call: TestApp['call'] },
  isWanted: (route: string) => boolean,
): (user: string, reservationId: string) => Promise<Answer[]> {
  const table = routes(services).filter(({ method, url }) => isWanted(`${method} ${url}`));
  return (user, reservationId) =>
    Promise.all(
      table.map(async ({ method, url }) => {
        const route = `${method} ${url}`;
        const path = url
          // Whom the other calls are about must stay.
          .replace(
            ':user',
            encodeURIComponent(url === '/users/:user' && method === 'DELETE' ? `${user}-gone` : user),
          )
          .replace(':reference', encodeURIComponent(`${user}-nobodys`))
          .replace(':id', url.startsWith('/tokens') ? reservationId : url.startsWith('/del') ? '1' : 'x1');
        const body = bodies(user, reservationId)[route];
        const answer = await call(method as 'GET', path.replace(/:\w+/g, 'x1'), {
          body,
          headers: {
            ...(url.endsWith('/batch') ? {} : { 'idempotency-key': route }),
            ...(typeof body === 'string' ? { 'content-type': 'application/x-ndjson' } : {}),
          },
        });
        return { route, ...answer };
      }),
    );
}
