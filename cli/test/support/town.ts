/** A service in which something has happened. */
import { type RunningService, startService } from '../../../billing-service/test/support/start-service.js';
import type { Teardown } from '../../../billing-service/test/support/test-environment.js';

export interface Town extends RunningService {
  call<Body = unknown>(method: string, path: string, body?: object, key?: string): Promise<Body>;
}

export async function startTown(t: Teardown, settings: Record<string, string> = {}): Promise<Town> {
  const service = await startService(t, { TEST_CLOCK: 'true', ...settings });
  const call = async <Body>(method: string, path: string, body?: object, key?: string): Promise<Body> => {
    const answer = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${service.adminKey}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  };
  return { ...service, call };
}

/** Ada has two names, has paid, spent and been given back; a hold is open. */
export async function peopleIt({ call }: Town): Promise<void> {
  await call('PUT', '/users/web:ada', { username: 'ada', firstName: 'Ада 🦜', locale: 'en' });
  await call('POST', '/users/web:ada/references', { reference: 'telegram:1815' });
  const payment = { provider: 'telegram_stars', user: 'web:ada', currency: 'XTR' };
  await call('POST', '/payments', {
    ...payment,
    paymentId: 'charge-7',
    product: { pack: 'pack-500' },
    amount: 300,
  });
  const months = { tier: 'professional', months: 2 };
  const rubles = { provider: 'bank', currency: 'RUB', amount: 398_000 };
  await call('POST', '/payments', { ...payment, ...rubles, paymentId: 'p-1', product: months });
  const hold = { user: 'web:ada', operation: 'image_generation', model: 'gpt-image-1' };
  const [first] = [
    await call<{ reservationId: string }>('POST', '/tokens/reserve', { ...hold, quantity: 3 }),
  ];
  await call('POST', '/tokens/commit', { reservationId: first.reservationId });
  await call(
    'POST',
    '/tokens/refund',
    { reservationId: first.reservationId, amount: 10, reason: 'one was blank' },
    'r-1',
  );
  await call('POST', '/tokens/reserve', { user: 'web:ada', operation: 'chatgpt_message' });
}
