/** Calls of every kind to a running service, some of them refused. */
import { randomUUID } from 'node:crypto';
import type { RunningService } from '../support/start-service.js';

const OPERATION = 'chatgpt_message';

export interface Caller {
  /** One of each: held, committed for more than there is, refused, paid, read. */
  someOfEach(user: string): Promise<void>;
  grant(user: string): Promise<unknown>;
  /** So many calls with a wrong key. */
  guessKeys(count: number): Promise<void>;
  /** So many holds that are neither committed nor refunded. */
  leaveHolds(user: string, count: number): Promise<void>;
  audit(): Promise<unknown>;
  /** Moves the service's clock. */
  advance(seconds: number): Promise<unknown>;
}

export function callerOf({ url, adminKey }: RunningService): Caller {
  const send = (method: string, path: string, body?: object, key = adminKey) =>
    fetch(url + path, {
      ...{ method, ...(body ? { body: JSON.stringify(body) } : {}) },
      headers: {
        ...{ authorization: `Bearer ${key}`, 'idempotency-key': randomUUID() },
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
    });
  const post = async (path: string, body: object, key?: string) => {
    const answer = await send('POST', path, body, key);
    return (await answer.json()) as { reservationId?: string };
  };
  const grant = (user: string, amount = 20) =>
    post('/tokens/grant', { user, amount, source: 'promo', reason: 'a test' });
  return {
    grant,
    async someOfEach(user) {
      await grant(user);
      const { reservationId } = await post('/tokens/reserve', {
        user,
        operation: OPERATION,
        checkLimits: true,
      });
      await post('/tokens/commit', { reservationId, amount: 500 });
      await post('/tokens/reserve', { user, operation: OPERATION });
      await post('/tokens/reserve', { user, operation: OPERATION }, 'not-a-key');
      const payment = { provider: 'acme', paymentId: user, user, product: { tokens: 9 } };
      await post('/payments', { ...payment, currency: 'EUR', amount: 5 });
      await send('GET', `/users/${user}/balance`);
    },
    async guessKeys(count) {
      for (let i = 0; i < count; i++) await post('/tokens/reserve', {}, `guess-${i}`);
    },
    async leaveHolds(user, count) {
      await grant(user, count);
      for (let i = 0; i < count; i++)
        await post('/tokens/reserve', { user, operation: OPERATION, amount: 1 });
    },
    audit: () => send('GET', '/audit'),
    advance: (advanceSeconds) => post('/test-clock', { advanceSeconds }),
  };
}
