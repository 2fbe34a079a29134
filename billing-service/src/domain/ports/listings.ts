/** The read side: what happened to a user's tokens, newest first. Keys name the last item of the page before. */
import type { Balance } from '../account/balance.js';
import type { Entry, EntryKind } from '../account/entry.js';
import type { Reservation, ReservationStatus } from '../account/reservation.js';

export interface EntryStore {
  list(request: {
    userId: number;
    kind?: EntryKind | undefined;
    before?: number | undefined;
    limit: number;
  }): Promise<Entry[]>;
  /** What of this user's, or of anybody's, is in the archive; null: nothing. */
  archived(userId?: number): Promise<ArchivedEntries | null>;
}

export interface ArchivedEntries {
  entries: number;
  /** When the last of all that are there happened: later ones are not. */
  through: number;
}

/** A row as it is stored, with what a reader sees of it: an open one may be past its end. */
export interface StoredReservation
  extends Omit<
    Reservation,
    | 'metadata'
    | 'grantId'
    | 'parts'
    | 'commitAvailable'
    | 'commitReserved'
    | 'commitPriceList'
    | 'tier'
    | 'model'
    | 'former'
  > {
  metadata: object | null;
}

export interface ReservationReader {
  /** With the balance of the same moment; null where there is none. */
  read(userId: number, id: string): Promise<{ reservation: StoredReservation; balance: Balance } | null>;
  /** `status` is judged at `now`: an open one past its end counts as expired. */
  list(request: {
    userId: number;
    status?: ReservationStatus | undefined;
    before?: string | undefined;
    limit: number;
    now: number;
  }): Promise<{ reservations: StoredReservation[]; balance: Balance }>;
}

export interface PaymentKey {
  createdAt: number;
  provider: string;
  paymentId: string;
}

export interface ListedPayment extends PaymentKey {
  /** The body that POST answered. */
  answer: Record<string, unknown>;
  currency: string;
  amount: number;
  metadata: object | null;
  refundedAt: number | null;
  /** Of refunds of parts. */
  refundedTokens: number;
  refundedAmount: number;
}

export interface PaymentReader {
  list(request: {
    userId?: number | undefined;
    provider?: string | undefined;
    paymentId?: string | undefined;
    before?: PaymentKey | undefined;
    limit: number;
  }): Promise<ListedPayment[]>;
}
