/** Codes, made and redeemed. */
import type { TestDatabase } from './databases.js';
import { type Json, type TestApp, testApp } from './test-app.js';

/** For a herd on a busy machine: patience has tests of its own. */
const ENOUGH_MS = 60_000;

export type PromoApp = TestApp & ReturnType<typeof promo>;

export async function promoApp(t: Parameters<typeof testApp>[0], store: TestDatabase): Promise<PromoApp> {
  const app = await testApp(t, { store, answerWithinMs: ENOUGH_MS });
  return { ...app, ...promo(app) };
}

function promo({ call }: TestApp) {
  const make = async (wish: object = {}): Promise<string[]> => {
    const body = { count: 1, amount: 50, reason: 'newsletter', ...wish };
    const made = await call('POST', '/promo-codes', { body });
    return made.body.items.map(({ code }: Json) => code);
  };
  const redeem = (user: string, code: string, key?: string) =>
    call('POST', '/promo-codes/redeem', {
      body: { user, code },
      ...(key ? { headers: { 'idempotency-key': key } } : {}),
    });
  const total = async (user: string) => (await call('GET', `/users/${user}/balance`)).body.total;
  const remove = (code: string) => call('DELETE', `/promo-codes/${encodeURIComponent(code)}`);
  return { make, redeem, total, remove };
}
