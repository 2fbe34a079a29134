import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import { LATEST_MS } from '../plan/months.js';
import type { ListedPayment, PaymentKey, PaymentReader } from '../ports/listings.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result } from '../refusal.js';
import { canonicalProvider } from './payment.js';

export interface PaymentListing {
  users: UserStore;
  payments: PaymentReader;
}

/** Newest first. A filter that names an unknown user finds nothing: 404 is for paths that name one. */
export async function listPayments(
  { users, payments }: PaymentListing,
  request: PageRequest & {
    user?: string | undefined;
    provider?: string | undefined;
    paymentId?: string | undefined;
  },
): Promise<Result<Page<ListedPayment>>> {
  const profile = request.user === undefined ? undefined : await users.find(request.user);
  const provider = request.provider && canonicalProvider(request.provider);
  // 0: an unknown user's list, which never gave a cursor.
  const own = cursor.of(profile === null ? 0 : profile?.userId, provider);
  const before = keyAfter(own, request.cursor);
  if (!before.ok) return before;
  if (profile === null) return accept({ items: [] });
  const found = await payments.list({
    userId: profile?.userId,
    provider,
    paymentId: request.paymentId,
    before: before.value,
    limit: request.limit + 1,
  });
  return accept(pageOf(found, request.limit, (payment) => own.encode(payment)));
}

const cursor = cursorOf<PaymentKey>(
  'payment',
  ({ createdAt, provider, paymentId }) => JSON.stringify([createdAt, provider, paymentId]),
  parseKey,
);

function parseKey(text: string): PaymentKey | null {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(key) || key.length !== 3) return null;
  const [createdAt, provider, paymentId] = key as unknown[];
  if (!Number.isSafeInteger(createdAt)) return null;
  if ((createdAt as number) < 0 || (createdAt as number) > LATEST_MS) return null;
  if (!isStorable(provider) || !isStorable(paymentId)) return null;
  return { createdAt: createdAt as number, provider, paymentId };
}

/** Postgres takes no NUL in a text. */
const isStorable = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');
