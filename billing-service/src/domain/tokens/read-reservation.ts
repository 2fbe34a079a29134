import { type Affordable, affordable, type Balance } from '../account/balance.js';
import { readAccount } from '../account/read-account.js';
import type { ReservationStatus } from '../account/reservation.js';
import { decodeReservationId, encodeReservationId } from '../account/reservation-id.js';
import { orUnknownReservation } from '../account/unknown-account.js';
import type { Receipt } from '../catalogue/price-work.js';
import type { Deps } from '../deps.js';
import { cursorOf, keyAfter, type Page, type PageRequest, pageOf } from '../page.js';
import type { CatalogueStore } from '../ports/catalogue-store.js';
import type { ReservationReader, StoredReservation } from '../ports/listings.js';
import type { UserStore } from '../ports/user-store.js';
import { accept, type Result, refuse } from '../refusal.js';
import { receiptIn } from './kept-receipt.js';

export interface ReservationReading extends Pick<Deps, 'clock' | 'ledger'> {
  users: UserStore;
  reservations: ReservationReader;
  catalogue: CatalogueStore;
}

/** A reservation as it is now. Amounts in tokens, times in ms since the epoch. */
export interface ReservationState {
  reservationId: string;
  operation: string;
  amount: number;
  status: ReservationStatus;
  expiresAt: number;
  createdAt: number;
  settledAt: number | null;
  charged: number;
  refundedTotal: number;
  uncollected: number;
  late: boolean;
  metadata: object | null;
}

/** With the user's balance as it is now. */
export interface ReservationView extends ReservationState {
  /** As reserve named the user. */
  user: string;
  /** Of the commit where there is one, else of the hold. */
  receipt: Receipt;
  balance: Balance;
  affordable: Affordable;
}

/** What the state of a reservation is told without. */
type Unread = 'priceVersion' | 'terms' | 'commitTerms';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const cursor = cursorOf<string>('reservation', String, (text) => (UUID.test(text) ? text : null));

export async function readReservation(
  calls: ReservationReading,
  reservationId: string,
): Promise<Result<ReservationView>> {
  const key = decodeReservationId(reservationId);
  if (!key) return refuse({ kind: 'unknown_reservation', reservationId });
  return orUnknownReservation(reservationId, async () => {
    // Who made it may have become another user since.
    const owner = (await calls.ledger.mergedInto(key.userId)) ?? key.userId;
    await readAccount(calls, owner);
    const found = await calls.reservations.read(owner, key.id);
    if (!found) return refuse({ kind: 'unknown_reservation', reservationId });
    return accept(await viewOf(calls, found.reservation, found.balance));
  });
}

/** One user's reservations, newest first. */
export async function listReservations(
  calls: ReservationReading,
  reference: string,
  request: PageRequest & { status?: ReservationStatus | undefined },
): Promise<Result<Page<ReservationView>>> {
  const profile = await calls.users.find(reference);
  const own = cursor.of(profile?.userId, request.status);
  const before = keyAfter(own, request.cursor);
  if (!before.ok) return before;
  if (!profile) return refuse({ kind: 'unknown_user', user: reference });
  await readAccount(calls, profile.userId);
  const { reservations, balance } = await calls.reservations.list({
    userId: profile.userId,
    status: request.status,
    before: before.value,
    limit: request.limit + 1,
    now: calls.clock.now(),
  });
  const page = pageOf(reservations, request.limit, (reservation) => own.encode(reservation.id));
  const items = await Promise.all(page.items.map((item) => viewOf(calls, item, balance)));
  return accept({ ...page, items });
}

async function viewOf(
  calls: ReservationReading,
  stored: StoredReservation,
  balance: Balance,
): Promise<ReservationView> {
  return {
    user: stored.reference,
    ...reservationState(stored, calls.clock.now()),
    receipt: await receiptIn(calls.catalogue, stored, stored.status === 'committed' ? 'commit' : 'hold'),
    balance,
    affordable: affordable(balance.available, calls.catalogue.current().priceList.prices),
  };
}

export function reservationState(
  stored: Omit<StoredReservation, 'reference' | Unread>,
  now: number,
): ReservationState {
  const { asked, charged } = stored;
  const overdue = stored.status === 'open' && stored.expiresAt <= now;
  return {
    reservationId: encodeReservationId(stored.userId, stored.id),
    operation: stored.operation,
    amount: stored.amount,
    status: overdue ? 'expired' : stored.status,
    expiresAt: stored.expiresAt,
    createdAt: stored.createdAt,
    // If it expired while nobody looked, it ended at its `expiresAt`.
    settledAt: overdue ? stored.expiresAt : stored.settledAt,
    charged,
    refundedTotal: stored.refundedTotal,
    uncollected: asked === null ? 0 : asked - charged,
    late: stored.late,
    metadata: stored.metadata,
  };
}
