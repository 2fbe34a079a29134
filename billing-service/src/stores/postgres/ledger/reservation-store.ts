import { and, desc, eq, gt, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Balance } from '../../../domain/account/balance.js';
import type { ReservationStatus } from '../../../domain/account/reservation.js';
import type { ReservationReader, StoredReservation } from '../../../domain/ports/listings.js';
import type { Database } from '../driver/database.js';
import { orUnavailable } from '../driver/failure.js';
import { accounts, formerUsers, reservations } from '../schema/schema.js';
import { asMetadata } from './entry-store.js';

type Row = { reservation: typeof reservations.$inferSelect | null; account: typeof accounts.$inferSelect };

export class PostgresReservationReader implements ReservationReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(
    userId: number,
    id: string,
  ): Promise<{ reservation: StoredReservation; balance: Balance } | null> {
    const its = and(eq(reservations.id, id), eq(reservations.userId, userId));
    const { reservations: own, balance } = await this.#select(userId, its, 1);
    const found =
      own.length > 0
        ? own
        : (await this.#select(userId, and(eq(reservations.id, id), OF_FORMER(userId)), 1)).reservations;
    const reservation = found[0];
    return reservation ? { reservation, balance } : null;
  }

  list({ userId, status, before, limit, now }: Parameters<ReservationReader['list']>[0]) {
    const where = and(
      eq(reservations.userId, userId),
      status && isAt(status, new Date(now)),
      before === undefined ? undefined : lt(reservations.id, before),
    );
    return this.#select(userId, where, limit);
  }

  /** One statement: the reservations and the balance are of the same moment. */
  async #select(userId: number, where: SQL | undefined, limit: number) {
    const rows: Row[] = await orUnavailable(
      this.#database.drizzle
        .select({ reservation: reservations, account: accounts })
        .from(accounts)
        .leftJoin(reservations, where)
        .where(eq(accounts.userId, userId))
        .orderBy(desc(reservations.id))
        .limit(limit),
    );
    const found = rows.flatMap((row) => (row.reservation ? [asReservation(row.reservation)] : []));
    return { reservations: found, balance: asBalance(rows[0]?.account) };
  }
}

/** Made by a user who was merged into this one. */
const OF_FORMER = (userId: number) =>
  inArray(
    reservations.userId,
    sql`(select ${formerUsers.userId} from ${formerUsers} where ${formerUsers.mergedInto} = ${userId})`,
  );

function isAt(status: ReservationStatus, now: Date): SQL | undefined {
  if (status === 'open') return and(eq(reservations.status, 'open'), gt(reservations.expiresAt, now));
  if (status !== 'expired') return eq(reservations.status, status);
  const overdue = and(eq(reservations.status, 'open'), lte(reservations.expiresAt, now));
  return or(eq(reservations.status, 'expired'), overdue);
}

function asBalance(account: Row['account'] | undefined): Balance {
  if (!account) return { available: 0, reserved: 0, total: 0 };
  const total = account.frontLeft + account.rest - account.debt;
  return { available: total - account.reserved, reserved: account.reserved, total };
}

const asReservation = (row: NonNullable<Row['reservation']>): StoredReservation => ({
  userId: row.userId,
  id: row.id,
  reference: row.reference,
  operation: row.operation,
  amount: row.amount,
  status: row.status as ReservationStatus,
  createdAt: row.createdAt.getTime(),
  expiresAt: row.expiresAt.getTime(),
  settledAt: row.settledAt?.getTime() ?? null,
  asked: row.asked,
  charged: row.charged,
  refundedTotal: row.refundedTotal,
  late: row.late,
  metadata: asMetadata(row.metadata),
  priceVersion: row.priceVersion,
  terms: row.terms,
  commitTerms: row.commitTerms,
});
