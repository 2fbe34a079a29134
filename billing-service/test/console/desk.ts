import { ADMIN_KEY, type TestApp, testApp } from '../support/test-app.js';
import { Operator, type PageSeen } from './operator.js';

/** What a reader sees of a page, in one line. */
export const shown = ({ text }: PageSeen) => text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

/** One user with 30 tokens, and an operator who has signed in with the key of scope admin. */
export async function desk(t: Parameters<typeof testApp>[0]): Promise<TestApp & { admin: Operator }> {
  const tested = await testApp(t);
  const { call, app } = tested;
  await call('PUT', '/users/telegram:7', { body: { username: 'ada', firstName: 'Ada <b>' } });
  await call('POST', '/tokens/grant', {
    body: { user: 'telegram:7', amount: 30, source: 'promo', reason: 'welcome' },
    headers: { 'idempotency-key': 'first' },
  });
  const admin = new Operator(app);
  await admin.signIn(ADMIN_KEY);
  return { ...tested, admin };
}
