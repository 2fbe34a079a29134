/** All that is kept, as lines: each table's rows as readers of the API know them. */
import type { Entry } from '../account/entry.js';
import { encodeReservationId } from '../account/reservation-id.js';
import { tierIn } from '../catalogue/catalogue.js';
import type { Deps } from '../deps.js';
import type { AuditLine } from '../ports/audit-log.js';
import type { ExportRows, ExportSpan, ExportStore, ExportTable } from '../ports/export-store.js';
import type { ListedPayment } from '../ports/listings.js';
import { type ReservationState, reservationState } from '../tokens/read-reservation.js';
import { type UserLine, userLine } from './user-line.js';

/** Whose it is, by the oldest reference, and what it is counted as in usage. */
interface Told {
  user: string | null;
  tier: string | null;
  model: string | null;
}

export interface ExportLines {
  users: UserLine;
  entries: Entry & Told;
  reservations: ReservationState & Told;
  payments: ListedPayment & Pick<Told, 'user'>;
  'audit-log': AuditLine;
}

type Calls = Pick<Deps, 'clock' | 'catalogue'> & { exports: ExportStore };

/** Everything is as it is stored: what is due and was not settled yet comes in the moment of its user's next call. */
export async function* exportLines<T extends ExportTable>(
  calls: Calls,
  table: T,
  span: ExportSpan,
): AsyncGenerator<ExportLines[T][], void> {
  const toLine = LINES[table](calls);
  for await (const rows of calls.exports.pages(table, span)) {
    yield rows.flatMap((row) => toLine(row) ?? []) as ExportLines[T][];
  }
}

const LINES: {
  [T in ExportTable]: (calls: Calls) => (row: ExportRows[T]) => ExportLines[T] | null;
} = {
  users: ({ catalogue }) => {
    const known = catalogue.current();
    return (row) => userLine(row, (id) => tierIn(known, id));
  },
  entries: () => (row) => {
    const { userId, ...entry } = row;
    return {
      ...entry,
      reservationId: entry.reservationId && encodeReservationId(userId, entry.reservationId),
    };
  },
  reservations: ({ clock }) => {
    const now = clock.now();
    return ({ user, tier, model, ...stored }) => ({
      ...reservationState(stored, now),
      ...{ user, tier, model },
    });
  },
  payments: () => (row) => row,
  'audit-log': () => (row) => row,
};
