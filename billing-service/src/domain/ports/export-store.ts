/** All that is kept, a table at a time, as one snapshot sees it. */
import type { Entry } from '../account/entry.js';
import type { Plan } from '../plan/plan.js';
import type { AuditLine } from './audit-log.js';
import type { ListedPayment, StoredReservation } from './listings.js';

export const EXPORT_TABLES = ['users', 'entries', 'reservations', 'payments', 'audit-log'] as const;
export type ExportTable = (typeof EXPORT_TABLES)[number];

/** `from` ≤ the row's time < `to`; ms since the epoch. */
export interface ExportSpan {
  from: number | undefined;
  to: number | undefined;
}

export interface ExportedUser {
  /** Oldest first. */
  references: string[];
  username: string | null;
  firstName: string | null;
  locale: string | null;
  createdAt: number;
  plan: Plan;
  total: number;
  spent: number;
}

/** The oldest reference of the row's user; null where the user was erased. */
interface OfUser {
  user: string | null;
}

/** What usage is told by; null where it was not known. */
interface Counted {
  tier: string | null;
  model: string | null;
}

export interface ExportRows {
  users: ExportedUser;
  entries: Entry & OfUser & Counted & { userId: number };
  reservations: Omit<StoredReservation, 'reference' | 'priceVersion' | 'terms' | 'commitTerms'> &
    OfUser &
    Counted;
  payments: ListedPayment & OfUser;
  'audit-log': AuditLine;
}

export interface ExportStore {
  /** Oldest first, but entries in the order in which they were written. */
  pages<T extends ExportTable>(table: T, span: ExportSpan): AsyncGenerator<ExportRows[T][], void>;
}
